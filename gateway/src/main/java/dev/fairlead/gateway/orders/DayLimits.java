package dev.fairlead.gateway.orders;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.upstream.UpstreamNumber;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/** What the settings allow within a day of UTC, of all that was let out: many small orders add up to a large one. */
final class DayLimits {
    private final Settings.Orders settings;

    DayLimits(Settings.Orders settings) {
        this.settings = settings;
    }

    /** Whether a day has any bound. */
    boolean bind() {
        return settings.maxPerDay().isPresent()
                || settings.maxNotionalPerDay().isPresent()
                || settings.maxNotionalPerAgentPerDay().isPresent();
    }

    static Instant dayOf(Instant now) {
        return now.atZone(ZoneOffset.UTC)
                .toLocalDate()
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();
    }

    /** Until the day ends. */
    static Duration left(Instant now) {
        return Duration.between(now, dayOf(now).plus(Duration.ofDays(1)));
    }

    /** What an order breaks that would be let out besides; empty where it breaks nothing. */
    Optional<String> violation(Order order, DayTotals today) {
        if (settings.maxPerDay().filter(most -> today.ownCount() >= most).isPresent()) {
            return Optional.of("its submitter has placed orders.max_per_day="
                    + settings.maxPerDay().get() + " orders today (UTC)");
        }
        BigDecimal notional = order.notional().orElse(BigDecimal.ZERO);
        return beyond(
                        "orders.max_notional_per_agent_per_day",
                        settings.maxNotionalPerAgentPerDay(),
                        today.own().add(notional))
                .or(() -> beyond(
                        "orders.max_notional_per_day",
                        settings.maxNotionalPerDay(),
                        today.all().add(notional)));
    }

    /** What it leaves; each empty where it has no bound, and 0 where that is used up. */
    OrderFacts.Today leaves(DayTotals today) {
        return new OrderFacts.Today(
                settings.maxPerDay().map(most -> Math.max(0, most - today.ownCount())),
                settings.maxNotionalPerAgentPerDay().map(most -> left(most, today.own())),
                settings.maxNotionalPerDay().map(most -> left(most, today.all())));
    }

    private static BigDecimal left(BigDecimal most, BigDecimal used) {
        return UpstreamNumber.plain(most.subtract(used).max(BigDecimal.ZERO));
    }

    private static Optional<String> beyond(String setting, Optional<BigDecimal> most, BigDecimal sum) {
        return most.filter(bound -> sum.compareTo(bound) > 0)
                .map(bound -> "with it the notional of today (UTC), open and filled, is "
                        + sum.stripTrailingZeros().toPlainString() + ", more than " + setting + "="
                        + bound.toPlainString());
    }
}
