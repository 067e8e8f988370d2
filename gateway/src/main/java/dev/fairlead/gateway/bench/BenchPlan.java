package dev.fairlead.gateway.bench;

import java.time.Duration;
import java.util.List;

/**
 * How to measure.
 *
 * @param rounds of each server, by turns
 * @param round how long one lasts
 * @param connections the numbers of connections to measure with, one after the other
 */
public record BenchPlan(int rounds, Duration round, List<Integer> connections) {}
