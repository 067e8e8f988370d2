package dev.fairlead.gateway.orders;

import dev.fairlead.gateway.approvals.Approval;
import dev.fairlead.gateway.approvals.ApprovalEvent;
import dev.fairlead.gateway.approvals.ApprovalRows;
import dev.fairlead.gateway.store.WriteConnection;
import dev.fairlead.protocol.OrderStatus;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What of orders, and of replacements of orders, stands in the inbox of approvals. */
final class OrderApprovals {
    private final Duration life;

    /** @param life how long they wait for a person */
    OrderApprovals(Duration life) {
        this.life = life;
    }

    /** Keeps what a change means for the inbox, in the change's own write unit. */
    void keep(WriteConnection c, Optional<Order> before, Order after) throws SQLException {
        Optional<Approval> asked = asked(before, after);
        Optional<Approval.Status> settled = settled(before, after);
        if (asked.isPresent()) {
            ApprovalRows.ask(c, asked.get());
        } else if (settled.isPresent()) {
            ApprovalRows.settle(c, after.id().toString(), settled.get(), after.changedAt());
        }
    }

    /** What is to be told of it once that is committed. */
    Optional<ApprovalEvent> news(Optional<Order> before, Order after) {
        return asked(before, after)
                .<ApprovalEvent>map(asked -> new ApprovalEvent.Asked(
                        asked.id(),
                        asked.kind(),
                        asked.subject(),
                        Optional.empty(),
                        asked.expiresAt(),
                        after.changedAt()))
                .or(() -> settled(before, after)
                        .map(status -> new ApprovalEvent.Answered(
                                after.id().toString(),
                                Approval.Kind.ORDER,
                                subject(after),
                                status,
                                after.changedAt())));
    }

    private Optional<Approval> asked(Optional<Order> before, Order after) {
        boolean sameAgain = before.filter(OrderApprovals::waits)
                .filter(earlier -> earlier.replacement().equals(after.replacement()))
                .isPresent();
        if (!waits(after) || sameAgain) {
            return Optional.empty();
        }
        Terms terms = after.replacement().map(Replacement::terms).orElse(after.terms());
        String from = NewOrder.agent(after.asked().submitter()).orElse(NewOrder.OPERATOR);
        Optional<String> notional = after.replacement()
                .map(Replacement::notional)
                .or(after::notional)
                .map(worth -> ", worth " + worth.toPlainString());
        return Optional.of(new Approval(
                after.id().toString(),
                Approval.Kind.ORDER,
                subject(after),
                (after.replacement().isPresent() ? "Replace it by " : "") + terms.inWords() + notional.orElse("")
                        + ", from " + from,
                Approval.Status.WAITING,
                since(after),
                since(after).plus(life),
                Optional.empty()));
    }

    private Optional<Approval.Status> settled(Optional<Order> before, Order after) {
        return before.filter(OrderApprovals::waits)
                .filter(earlier -> !waits(after))
                .map(earlier -> {
                    if (after.status() == OrderStatus.APPROVED || after.status() == OrderStatus.REPLACING) {
                        return Approval.Status.APPROVED;
                    }
                    boolean inTime = after.changedAt().isBefore(since(earlier).plus(life));
                    boolean decided = after.status() == OrderStatus.REJECTED
                            || (earlier.asksToBeReplaced() && after.status().isAtUpstream());
                    return inTime && decided ? Approval.Status.DENIED : Approval.Status.EXPIRED;
                });
    }

    private static boolean waits(Order order) {
        return order.status() == OrderStatus.NEEDS_CONFIRMATION || order.asksToBeReplaced();
    }

    private static Instant since(Order order) {
        return order.replacement().map(Replacement::askedAt).orElse(order.receivedAt());
    }

    private static String subject(Order order) {
        return order.asked().side().wire() + " " + order.terms().quantity().toPlainString() + " "
                + order.asked().symbol() + (order.isPaper() ? " on paper" : "");
    }
}
