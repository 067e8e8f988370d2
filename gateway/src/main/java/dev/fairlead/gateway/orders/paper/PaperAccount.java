package dev.fairlead.gateway.orders.paper;

import dev.fairlead.gateway.upstream.Brokerage.Balance;
import dev.fairlead.gateway.upstream.Brokerage.Position;
import dev.fairlead.gateway.upstream.UpstreamNumber;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the paper account holds and has at what the market says now. Plain arithmetic. */
final class PaperAccount {
    private static final class Sums {
        private BigDecimal cash = BigDecimal.ZERO;
        private BigDecimal realized = BigDecimal.ZERO;
        private BigDecimal unrealized = BigDecimal.ZERO;
    }

    private PaperAccount() {}

    /** @param marks what one of each is worth now, where that is known */
    static List<Position> positions(List<PaperPosition> all, Map<String, BigDecimal> marks) {
        return all.stream()
                .filter(one -> one.quantity().signum() != 0)
                .map(one -> {
                    Optional<BigDecimal> mark = Optional.ofNullable(marks.get(one.symbol()));
                    return new Position(
                            one.symbol(),
                            UpstreamNumber.plain(one.quantity()),
                            Optional.of(UpstreamNumber.plain(one.averagePrice())),
                            mark,
                            mark.map(one::unrealizedPnl).map(UpstreamNumber::plain),
                            Optional.of(UpstreamNumber.plain(one.realizedPnl())));
                })
                .toList();
    }

    /**
     * Its sums, by currency. Cash counts from nothing, so that the liquidating value is what was gained or lost in all;
     * what has no mark counts at what it was opened at.
     */
    static List<Balance> balances(List<PaperPosition> all, Map<String, BigDecimal> marks) {
        Map<String, Sums> currencies = new TreeMap<>();
        for (PaperPosition one : all) {
            Sums sums = currencies.computeIfAbsent(one.currency(), currency -> new Sums());
            sums.cash = sums.cash.add(one.cash());
            sums.realized = sums.realized.add(one.realizedPnl());
            sums.unrealized = sums.unrealized.add(Optional.ofNullable(marks.get(one.symbol()))
                    .map(one::unrealizedPnl)
                    .orElse(BigDecimal.ZERO));
        }
        List<Balance> balances = new ArrayList<>();
        currencies.forEach((currency, sums) -> {
            balances.add(balance("cash_balance", currency, sums.cash));
            balances.add(balance("net_liquidating_value", currency, sums.realized.add(sums.unrealized)));
            balances.add(balance("realized_pnl", currency, sums.realized));
            balances.add(balance("unrealized_pnl", currency, sums.unrealized));
        });
        return balances;
    }

    private static Balance balance(String name, String currency, BigDecimal amount) {
        return new Balance(name, currency, UpstreamNumber.plain(amount));
    }
}
