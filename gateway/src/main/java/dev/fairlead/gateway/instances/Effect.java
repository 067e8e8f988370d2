package dev.fairlead.gateway.instances;

import java.time.Duration;

/** What {@link InstanceSupervisor} wants done once its decision is stored. */
sealed interface Effect {
    /** Tell everybody. */
    record Publish(InstanceEvent event) implements Effect {}

    /** Start the program; what comes of it is told back with the spawn's id. */
    record Launch(InstanceSettings settings, String spawnId) implements Effect {}

    /** End the program and all it started: TERM, the grace, KILL; told back when nothing is left. */
    record Stop(String name, Spawn spawn, Duration grace) implements Effect {}

    /** KILL what a program that ended has left behind. */
    record Sweep(String name, Spawn spawn) implements Effect {}

    /** Say when the wait before the next start is over. */
    record Wake(String name, Duration delay, long number) implements Effect {}

    /** Start what an instance waits for, where that is down. */
    record Need(String name, String by) implements Effect {}

    /** Say when the program shows that it is ready. */
    record AwaitReady(String name, String spawnId) implements Effect {}

    /** Remove what an instance that is gone has left on the disk. */
    record Forget(String name) implements Effect {}
}
