package dev.fairlead.gateway.time;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Clocks and timers that stand still until a test moves them; due tasks run in the order of their times. */
public final class ManualTime implements TimeSource, Scheduler {
    private record Task(long at, long order, long period, Runnable run) {}

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::at).thenComparingLong(Task::order));
    private Instant wall = Instant.parse("2026-01-01T00:00:00Z");
    private long nanos;
    private long order;

    @Override
    public Instant instant() {
        return wall;
    }

    @Override
    public long nanos() {
        return nanos;
    }

    /** Moves both clocks and runs what becomes due. */
    public void advance(Duration by) {
        long until = nanos + by.toNanos();
        while (!tasks.isEmpty() && tasks.peek().at <= until) {
            Task due = tasks.poll();
            move(due.at - nanos);
            if (due.period > 0) {
                tasks.add(new Task(due.at + due.period, order++, due.period, due.run));
            }
            due.run.run();
        }
        move(until - nanos);
    }

    /** Moves the wall clock alone, as an administrator or a time server does. */
    public void shiftWallClock(Duration by) {
        wall = wall.plus(by);
    }

    private void move(long by) {
        if (by > 0) {
            nanos += by;
            wall = wall.plusNanos(by);
        }
    }

    @Override
    public Cancellable after(Duration delay, Runnable run) {
        return add(delay, 0, run);
    }

    @Override
    public Cancellable every(Duration period, Runnable run) {
        return add(period, period.toNanos(), run);
    }

    private Cancellable add(Duration delay, long period, Runnable run) {
        long id = order++;
        tasks.add(new Task(nanos + delay.toNanos(), id, period, run));
        return () -> tasks.removeIf(task -> task.run == run);
    }
}
