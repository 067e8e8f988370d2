package dev.fairlead.gateway.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How to measure.
 *
 * @param warmUps rounds of each server that are not counted, until the compilers have seen it all
 * @param rounds of each server, by turns
 * @param round how long one lasts
 * @param connections the numbers of connections to measure with, one after the other
 * @param against the jar of another build of the gateway to measure beside this one; if empty, a bare server is
 */
public record BenchPlan(int warmUps, int rounds, Duration round, List<Integer> connections, Optional<Path> against) {

    /** What the peer is called in what was found. */
    String peerName() {
        return against.isPresent() ? "against" : "bare";
    }
}
