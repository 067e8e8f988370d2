package dev.fairlead.gateway.alerts.receivers;

import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.TimeSource;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells one receiver what it is to be told, for as long as it takes. Used on one event loop; waits for nobody. */
public final class Delivery {
    private static final Logger log = LoggerFactory.getLogger(Delivery.class);

    private final Receiver receiver;
    private final TimeSource time;
    private final Scheduler scheduler;
    private final Consumer<Notice> settled;
    private final NoticeQueue queue = new NoticeQueue(new Random());
    private Scheduler.Cancellable timer = () -> {};
    private boolean givenUp;
    private boolean closed;

    /**
     * For a receiver.
     *
     * @param settled hears of each notice that need not be kept any more: it was taken, or given up
     */
    public Delivery(Receiver receiver, TimeSource time, Scheduler scheduler, Consumer<Notice> settled) {
        this.receiver = receiver;
        this.time = time;
        this.scheduler = scheduler;
        this.settled = settled;
    }

    public String name() {
        return receiver.name();
    }

    /** Takes a notice on. */
    public void tell(Notice notice) {
        queue.add(notice, time.nanos()).ifPresent(this::giveUp);
        arm();
    }

    private void giveUp(Notice notice) {
        if (!givenUp) {
            givenUp = true;
            log.warn(
                    "Alerts: {} does not take them and {} wait; the oldest are given up until it does",
                    receiver.name(),
                    NoticeQueue.MOST_WAITING);
        }
        settled.accept(notice);
    }

    /** How it stands. */
    public ReceiverState state() {
        return new ReceiverState(
                receiver.name(),
                queue.failures() == 0 ? ReceiverState.State.OK : ReceiverState.State.RETRYING,
                queue.waiting(),
                queue.lastSent(),
                queue.lastError());
    }

    /** Tries it now, past what waits; the failure says why it did not hear. */
    public Future<Void> test(Notice notice) {
        return receiver.send(List.of(notice));
    }

    /** What waits stays kept for the next start. */
    public Future<Void> close() {
        closed = true;
        timer.cancel();
        return receiver.close();
    }

    private void arm() {
        timer.cancel();
        if (!closed) {
            queue.next(time.nanos()).ifPresent(wait -> timer = scheduler.after(wait, this::send));
        }
    }

    private void send() {
        List<Notice> notices = queue.begin(time.nanos());
        if (notices.isEmpty()) {
            arm();
            return;
        }
        receiver.send(notices).onComplete(done -> {
            if (done.succeeded()) {
                if (queue.failures() > 0) {
                    log.info("Alerts: {} takes them again", receiver.name());
                }
                givenUp = false;
                queue.done(time.instant());
                notices.forEach(settled);
            } else {
                failed(done.cause());
            }
            arm();
        });
    }

    private void failed(Throwable cause) {
        String why = Optional.ofNullable(cause.getMessage()).orElse("it failed");
        if (queue.failures() == 0) {
            log.warn("Alerts: {} did not take them: {}; tried again until it does", receiver.name(), why);
        }
        queue.failed(
                        why,
                        cause instanceof Undelivered undelivered ? undelivered.retryAfter() : Optional.empty(),
                        time.nanos())
                .forEach(this::giveUp);
    }
}
