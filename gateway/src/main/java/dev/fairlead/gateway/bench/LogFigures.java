package dev.fairlead.gateway.bench;

/**
 * What was measured.
 *
 * @param server who told the lines
 * @param delivered lines that arrived, at all watchers together
 * @param p50Ms milliseconds from write to arrival that half of the lines stayed within, at the first watcher
 * @param p99Ms as many for 99 of 100
 * @param cpu share of one core the server took
 */
public record LogFigures(
        String server,
        int watchers,
        int linesASecond,
        long written,
        long delivered,
        double p50Ms,
        double p99Ms,
        double cpu) {}
