package dev.fairlead.gateway;

import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees, from a thread of its own, a queue of this process that does not move any more: an event loop that is blocked,
 * workers that all wait for something, a pool whose threads are gone. Time is counted in this thread's own turns, so
 * that a process that was stopped, or a machine on which nobody runs, is not taken for one.
 */
final class QueueWatch implements Runnable, AutoCloseable {
    /** Between looks, as a rule. */
    static final Duration PERIOD = Duration.ofSeconds(2);

    /** Looks without a move after which a queue is stuck. */
    static final int PATIENCE = 5;

    /** Looks after that in which whoever asks is told so, before the process ends. */
    static final int LAST_CALL = 3;

    private static final Logger log = LoggerFactory.getLogger(QueueWatch.class);

    private final List<Probe> probes = new ArrayList<>();
    private final Duration period;
    private final Consumer<Optional<String>> told;
    private final Consumer<String> end;
    private final CountDownLatch closing = new CountDownLatch(1);
    private boolean stuck;

    private QueueWatch(Duration period, Consumer<Optional<String>> told, Consumer<String> end) {
        this.period = period;
        this.told = told;
        this.end = end;
    }

    /**
     * Watches the event loops and workers of {@code vertx} until it is closed.
     *
     * @param told what is stuck; empty once all moves again
     * @param end what ends the process, given the reason; called where nothing else helps
     */
    static QueueWatch over(Vertx vertx, Duration period, Consumer<Optional<String>> told, Consumer<String> end) {
        QueueWatch watch = new QueueWatch(period, told, end);
        VertxInternal queues = (VertxInternal) vertx;
        int loops = 0;
        for (EventExecutor loop : queues.nettyEventLoopGroup()) {
            watch.probes.add(new Probe("event loop " + loops++, loop));
        }
        watch.probes.add(
                new Probe("the queue of the workers", queues.workerPool().executor()));
        watch.probes.add(new Probe(
                "the queue of the file workers", queues.internalWorkerPool().executor()));
        Thread thread = new Thread(watch, "fairlead-watch");
        thread.setDaemon(true);
        thread.start();
        return watch;
    }

    @Override
    public void run() {
        try {
            while (!closing.await(period.toMillis(), TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closing.countDown();
    }

    private void look() {
        Probe slowest = probes.get(0);
        for (Probe probe : probes) {
            probe.look();
            slowest = probe.waits > slowest.waits ? probe : slowest;
        }
        if (slowest.waits < PATIENCE) {
            if (stuck) {
                stuck = false;
                log.info("All queues of this process move again.");
                told.accept(Optional.empty());
            }
            return;
        }
        String reason = slowest.name + " has not moved for "
                + period.multipliedBy(slowest.waits).toSeconds() + " s";
        if (!stuck) {
            stuck = true;
            log.error("{}. If that lasts, the process ends, to be started again by what runs it.", reason);
            told.accept(Optional.of(reason));
        } else if (slowest.waits >= PATIENCE + LAST_CALL) {
            end.accept(reason);
        }
    }

    /** One task at a time that is sent through a queue. */
    private static final class Probe {
        private final String name;
        private final Executor queue;
        private volatile int seen;
        private int sent;
        private int waits;

        Probe(String name, Executor queue) {
            this.name = name;
            this.queue = queue;
        }

        void look() {
            if (seen != sent) {
                waits++;
                return;
            }
            waits = 0;
            int next = sent + 1;
            try {
                queue.execute(() -> seen = next);
                sent = next;
            } catch (RejectedExecutionException e) {
                // It is shut down, with all that goes through it.
            }
        }
    }
}
