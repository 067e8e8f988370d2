package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.time.StateMachine;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.MessageEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** How leases and messages end: what is tried again and when, what is given up. Plain rules over the open messages. */
@StateMachine
final class Endings {
    private final TimeSource time;
    private final MessageRules rules;
    private final RandomGenerator random;
    private final OpenMessages open;
    private final BatchBuilder next;

    /** @param next is told of each */
    Endings(TimeSource time, MessageRules rules, RandomGenerator random, OpenMessages open, BatchBuilder next) {
        this.time = time;
        this.rules = rules;
        this.random = random;
        this.open = open;
        this.next = next;
    }

    /** To the microsecond, as it is kept: what is in memory is what is read again. */
    static Instant now(TimeSource time) {
        return time.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** The connection that holds them is gone: what went out on it counts as a try. */
    void endLeases(Mailbox mailbox, String why) {
        for (QueuedMessage message : mailbox.leased()) {
            boolean wentOut = message.timerNanos != QueuedMessage.NEVER;
            if (wentOut && failedTooOften(message, why)) {
                continue;
            }
            message.status = MessageEvent.Kind.RETRY_SCHEDULED;
            mailbox.withdraw(message);
            next.change(message, now(time), Optional.of(why));
            open.makeDue(message);
        }
    }

    /** One lease ended without an acknowledgement: it goes out again later, unless that was the last try. */
    void leaseFailed(QueuedMessage message, String why) {
        if (failedTooOften(message, why)) {
            return;
        }
        if (open.now() >= message.expiryNanos) {
            end(message, MessageEvent.Kind.EXPIRED, Optional.of(why));
            return;
        }
        message.status = MessageEvent.Kind.RETRY_SCHEDULED;
        Duration delay = rules.retryDelay(message.failures, random);
        message.dueAt = Optional.of(now(time).plus(delay.truncatedTo(ChronoUnit.MICROS)));
        open.waitFor(message, delay);
        next.change(message, now(time), Optional.of(why));
    }

    private boolean failedTooOften(QueuedMessage message, String why) {
        message.failures++;
        if (message.failures < rules.maxAttempts()) {
            return false;
        }
        end(message, MessageEvent.Kind.DEAD_LETTERED, Optional.of(why));
        return true;
    }

    /** The message is under way no more. */
    void end(QueuedMessage message, MessageEvent.Kind status, Optional<String> why) {
        message.status = status;
        message.dueAt = Optional.empty();
        message.settledAt = Optional.of(now(time));
        next.change(message, now(time), why);
        open.leave(message);
    }
}
