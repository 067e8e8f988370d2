package dev.fairlead.gateway.testing;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * How long event loops worked or waited of their own doing, as against the time for which a busy machine gave them no
 * core. Samples are taken every 25 ms.
 */
final class LoopTimes {
    private static final String LOOPS = "vert.x-eventloop-thread";
    private static final Duration EVERY = Duration.ofMillis(25);
    private static final int KEPT = 400;

    private record Sample(long at, long spentMillis) {}

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Map<String, Deque<Sample>> samples = new HashMap<>();
    private final Thread sampler = new Thread(this::run, "loop-times");
    private volatile boolean ended;

    LoopTimes() {
        threads.setThreadContentionMonitoringEnabled(true);
        sampler.setDaemon(true);
        sampler.start();
    }

    /** What the loop {@code thread} spent, in the last {@code millis}, at work or in waiting for something. */
    synchronized long spent(String thread, long millis) {
        sample();
        Deque<Sample> taken = samples.getOrDefault(thread, new ArrayDeque<>());
        if (taken.isEmpty()) {
            return millis; // nothing is known in its favour
        }
        Sample last = taken.getLast();
        Sample before = taken.getFirst();
        for (Sample sample : taken) {
            if (last.at - sample.at >= millis) {
                before = sample;
            }
        }
        return last.spentMillis - before.spentMillis;
    }

    void end() throws InterruptedException {
        ended = true;
        sampler.interrupt();
        sampler.join();
    }

    private void run() {
        try {
            while (!ended) {
                sample();
                Thread.sleep(EVERY.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void sample() {
        long now = System.nanoTime() / 1_000_000;
        for (ThreadInfo loop : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (loop != null && loop.getThreadName().startsWith(LOOPS)) {
                long cpu = threads.getThreadCpuTime(loop.getThreadId()) / 1_000_000;
                Deque<Sample> taken = samples.computeIfAbsent(loop.getThreadName(), name -> new ArrayDeque<>());
                taken.add(
                        new Sample(now, cpu + Math.max(0, loop.getBlockedTime()) + Math.max(0, loop.getWaitedTime())));
                if (taken.size() > KEPT) {
                    taken.removeFirst();
                }
            }
        }
    }
}
