package dev.fairlead.gateway.chat.budget;

import dev.fairlead.gateway.chat.budget.SpendingRows.Scope;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.settings.ModelPrice;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ChatFrame;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what was spent in the database: whatever becomes of the gateway, and on whichever node, a call that was made is
 * counted, and one whose end nobody saw as what it was estimated at. A call that begins before midnight belongs to that
 * day.
 */
public final class StoredSpending implements Spending {
    /** Days whose sums are kept. */
    private static final int KEPT_DAYS = 31;

    private static final Logger log = LoggerFactory.getLogger(StoredSpending.class);

    private final Ledger ledger;
    private final Settings.Llm settings;
    private final TimeSource time;
    private String newest = "";

    public StoredSpending(Ledger ledger, Settings.Llm settings, TimeSource time) {
        this.ledger = ledger;
        this.settings = settings;
        this.time = time;
    }

    @Override
    public Future<Reservation> reserve(Spender who, ChatFrame.Usage estimate) {
        String day = day(time.instant());
        List<Scope> scopes = scopes(who);
        if (scopes.stream().noneMatch(scope -> scope.cap().isSet())) {
            return Future.succeededFuture(used -> {
                settle(day, who, new Cost(0, 0), used)
                        .onFailure(failure ->
                                log.warn("What turn {} used is not kept: {}", who.turnId(), failure.getMessage()));
                return Future.succeededFuture(Optional.empty());
            });
        }
        Cost wanted = cost(estimate);
        return ledger.commit(c -> SpendingRows.reserve(c, day, scopes, wanted))
                .map(taken -> used -> settle(day, who, taken, used));
    }

    private static String standing(Scope scope, Cost spent) {
        List<String> parts = new ArrayList<>();
        scope.cap().tokens().ifPresent(cap -> parts.add(spent.tokens() + " of " + cap + " tokens"));
        scope.cap()
                .usd()
                .ifPresent(cap -> parts.add("US$ " + SpendingRows.shown(spent) + " of " + cap.toPlainString()));
        return scope.kind() + " " + String.join(", ", parts);
    }

    private Future<Optional<String>> settle(String day, Spender who, Cost taken, ChatFrame.Usage used) {
        boolean newDay = !day.equals(newest);
        newest = day;
        return ledger.commit(c -> {
            SpendingRows.add(c, day, scopes(who), cost(used).minus(taken));
            SpendingRows.ofTurn(c, who.turnId(), used);
            if (newDay) {
                SpendingRows.forget(c, LocalDate.parse(day).minusDays(KEPT_DAYS).toString());
            }
            List<String> standing = new ArrayList<>();
            for (Scope scope : scopes(who)) {
                if (scope.cap().isSet()) {
                    standing.add(standing(scope, SpendingRows.spent(c, day, scope)));
                }
            }
            return Optional.of("Used today: " + String.join("; ", standing)).filter(words -> !standing.isEmpty());
        });
    }

    private List<Scope> scopes(Spender who) {
        Settings.LlmBudget budget = settings.budget();
        return List.of(
                new Scope("session", who.sessionId(), budget.session()),
                new Scope("agent", who.agent(), budget.agent()),
                new Scope("gateway", "", budget.gateway()));
    }

    private Cost cost(ChatFrame.Usage usage) {
        Optional<ModelPrice> price = settings.model()
                .flatMap(model -> Optional.ofNullable(settings.budget().prices().get(model)));
        return Cost.of(usage, price);
    }

    private static String day(Instant now) {
        return LocalDate.ofInstant(now, ZoneOffset.UTC).toString();
    }
}
