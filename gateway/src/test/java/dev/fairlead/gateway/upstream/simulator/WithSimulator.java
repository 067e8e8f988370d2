package dev.fairlead.gateway.upstream.simulator;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Tests of a simulated upstream, each of one of its own. */
abstract class WithSimulator {
    RunningSimulator upstream;

    @BeforeEach
    final void start() {
        upstream = RunningSimulator.start();
    }

    @AfterEach
    final void stop() {
        upstream.close();
    }
}
