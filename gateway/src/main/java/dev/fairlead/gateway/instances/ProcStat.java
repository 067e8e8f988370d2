package dev.fairlead.gateway.instances;

import java.util.Optional;

/**
 * A process as {@code /proc/<pid>/stat} has it, see proc(5).
 *
 * @param startTicks clock ticks since the boot
 * @param ticks of processor time, its own and that of its children that ended and were waited for
 * @param residentPages in memory; those it shares with others count for each of them
 */
record ProcStat(
        long pid, long parent, long group, long session, long startTicks, long ticks, int threads, long residentPages) {
    /** Places of fields, counted behind the name in parentheses. */
    private static final int STATE = 0;

    private static final int PARENT = 1;
    private static final int GROUP = 2;
    private static final int SESSION = 3;
    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;
    private static final int CHILDREN_USER_TICKS = 13;
    private static final int CHILDREN_SYSTEM_TICKS = 14;
    private static final int THREADS = 17;
    private static final int START_TICKS = 19;
    private static final int RESIDENT = 21;

    /** Reads it; empty for a process that is dead and that nobody has waited for. */
    static Optional<ProcStat> parse(long pid, String stat) {
        // The name, in parentheses, may hold anything, parentheses and spaces included.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        if (fields[STATE].equals("Z") || fields[STATE].equals("X")) {
            return Optional.empty();
        }
        return Optional.of(new ProcStat(
                pid,
                Long.parseLong(fields[PARENT]),
                Long.parseLong(fields[GROUP]),
                Long.parseLong(fields[SESSION]),
                Long.parseLong(fields[START_TICKS]),
                Long.parseLong(fields[USER_TICKS])
                        + Long.parseLong(fields[SYSTEM_TICKS])
                        + Long.parseLong(fields[CHILDREN_USER_TICKS])
                        + Long.parseLong(fields[CHILDREN_SYSTEM_TICKS]),
                Integer.parseInt(fields[THREADS]),
                Long.parseLong(fields[RESIDENT])));
    }
}
