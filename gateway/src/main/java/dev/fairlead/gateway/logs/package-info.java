/**
 * The logs of instances and remote agents: one tail per file however many watch it, paging, download, rotation.
 *
 * <p>A log is one sequence of bytes with a number for each, its position, however many files hold it:
 * {@link dev.fairlead.gateway.logs.Generations} keeps that arithmetic, {@link dev.fairlead.gateway.logs.LogFile}
 * applies it to what lies in the log's folder, {@link dev.fairlead.gateway.logs.LogTail} decides when to look. Other
 * concerns meet it through {@link dev.fairlead.gateway.logs.LogCommands}.
 */
package dev.fairlead.gateway.logs;
