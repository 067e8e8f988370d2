package dev.fairlead.gateway.cli.doctor;

import dev.fairlead.gateway.time.TimeSource;
import java.time.Instant;

/** The ground everything stands on: Java and the clock. */
final class MachineCheck {

    private static final int LEAST_JAVA = 17;
    /** No gateway of this line was built before; a clock that says so was never set. */
    private static final Instant FIRST_RELEASE = Instant.parse("2026-01-01T00:00:00Z");

    private MachineCheck() {}

    static Finding java(int feature) {
        String detail = "Java " + feature + " at " + System.getProperty("java.home");
        return feature >= LEAST_JAVA
                ? Finding.good("java", detail)
                : Finding.fault("java", detail, "run the gateway with Java " + LEAST_JAVA + " or newer");
    }

    static Finding clock(TimeSource time) {
        Instant now = time.instant();
        return now.isAfter(FIRST_RELEASE)
                ? Finding.good("clock", now.toString())
                : Finding.fault(
                        "clock",
                        now + " is in the past: tokens would be refused",
                        "set the clock, or let a time service such as chrony or systemd-timesyncd set it");
    }
}
