package dev.fairlead.gateway.orders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.settings.Settings;
import java.math.BigDecimal;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("attack")
class RiskGuardTest {
    /** {@code passes}, {@code asks}, or what a refusal says. */
    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            # settings                           , symbol                , side          , quantity, limit , quote , verdict
            orders.confirm=never                 , AAPL                  , buy           , 100     , 100   , -     , passes
            orders.confirm=never                 , AAPL                  , buy           , 100.01  , 1     , -     , orders.max_quantity=100
            orders.confirm=never                 , AAPL                  , buy           , 100     , 100.01, -     , orders.max_notional=10000
            orders.confirm=never                 , AAPL                  , buy           , 1       , -     , 9999  , passes
            orders.confirm=never                 , AAPL                  , buy           , 1       , -     , 10001 , orders.max_notional=10000
            orders.confirm=never                 , AAPL                  , buy           , 1       , -     , -     , cannot be told
            orders.confirm=never                 , AAPL                  , sell          , 1       , 0.01  , 10001 , orders.max_notional=10000
            orders.confirm=never                 , AAPL                  , sell          , 1       , 0.01  , -     , passes
            orders.confirm=never                 , AAPL                  , buy           , 1       , 0.01  , 10001 , passes
            orders.confirm=never                 , AAPL  261218C00200000 , buy_to_open   , 10      , 10    , -     , passes
            orders.confirm=never                 , AAPL  261218C00200000 , sell_to_close , 10      , 10.01 , -     , orders.max_notional=10000
            orders.confirm=never                 , BTC/USD               , buy           , 0.1     , 90000 , -     , passes
            orders.confirm=never                 , /ESZ6                 , buy           , 1       , 1     , -     , futures
            orders.confirm=never                 , ./ESZ6 EW4Z6 C6000    , buy           , 1       , 1     , -     , futures
            orders.confirm=never                 , SPX                   , buy           , 1       , 1     , -     , index
            orders.confirm=never orders.symbols=AAPL;MSFT, MSFT          , buy           , 1       , 1     , -     , passes
            orders.confirm=never orders.symbols=AAPL;MSFT, TSLA          , buy           , 1       , 1     , -     , orders.symbols
            orders.confirm=always                , AAPL                  , buy           , 1       , 1     , -     , asks
            orders.confirm=above:500             , AAPL                  , buy           , 5       , 100   , -     , passes
            orders.confirm=above:500             , AAPL                  , buy           , 5       , 100.01, -     , asks
            orders.confirm=above:500             , AAPL                  , sell          , 1       , 1     , 501   , asks
            orders.confirm=always                , AAPL                  , buy           , 101     , 1     , -     , orders.max_quantity=100
            """)
    void every_rule_of_the_settings_holds(
            String settings,
            String symbol,
            String side,
            BigDecimal quantity,
            BigDecimal limit,
            BigDecimal quote,
            String expected) {
        RiskGuard guard =
                new RiskGuard(Settings.of(settings.replace(';', ',').split(" ")).orders(), refused -> Optional.empty());
        NewOrder order = NewOrder.of(new OrderCommands.Submit(
                Optional.empty(),
                "o-1",
                symbol,
                side,
                quantity,
                limit == null ? "market" : "limit",
                Optional.ofNullable(limit),
                ""));

        RiskGuard.Verdict verdict = guard.judge(order, Optional.ofNullable(quote));

        if (expected.equals("passes")) {
            assertThat(verdict.violation()).isEmpty();
            assertThat(verdict.confirmation()).isEmpty();
        } else if (expected.equals("asks")) {
            assertThat(verdict.violation()).isEmpty();
            assertThat(verdict.confirmation()).isPresent();
        } else {
            assertThat(verdict.violation()).get().asString().contains(expected);
        }
    }
}
