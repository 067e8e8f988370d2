package dev.fairlead.gateway.bench;

/**
 * What was measured.
 *
 * @param work {@code decode}, {@code get} or {@code fanout}
 * @param connections agents that asked or were told
 * @param perSecond events decoded, quotes given, or quotes told to all agents together
 * @param p50Ms of the time to an answer, or of a quote's age on arrival; {@code NaN} where there is none
 * @param p99Ms as much for 99 of 100
 * @param cpu share of one core the gateway took; {@code NaN} where there is none
 */
public record QuoteFigures(String work, int connections, double perSecond, double p50Ms, double p99Ms, double cpu) {}
