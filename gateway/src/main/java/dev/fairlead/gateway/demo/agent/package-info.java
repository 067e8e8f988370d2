/** The sample agents of {@code serve --demo}: each a process of its own, a client like any other. */
package dev.fairlead.gateway.demo.agent;
