/**
 * The commands. A new one is a class with {@code @Command} and a line in {@link FairleadCommand}. Command classes name
 * no class of Vert.x in fields and signatures: picocli looks at all of them at each start, and {@code --help} should
 * not pay for what it does not use.
 */
package dev.fairlead.gateway.cli;
