package dev.fairlead.gateway.upstream.tastytrade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.upstream.Instrument;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How quotes are asked for by a call. */
class TastytradeQuotesTest {
    @ParameterizedTest
    @CsvSource({
        "AAPL,EQUITY",
        "BRK/B,EQUITY",
        "SPX,INDEX",
        "VIX,INDEX",
        "/ESZ6,FUTURE",
        "./ESZ6 EW4X6 261122C5900,FUTURE_OPTION",
        "BTC/USD,CRYPTOCURRENCY",
        "SPY   260116C00600500,EQUITY_OPTION",
        "SPXW  260116P05900000,EQUITY_OPTION",
        ".AAPL261219C200,EQUITY_OPTION"
    })
    void a_symbol_tells_its_kind(String symbol, Instrument kind) {
        assertThat(Instrument.of(symbol)).isEqualTo(kind);
    }

    @Test
    void each_kind_has_its_parameter() {
        assertThat(TastytradeQuotes.query(List.of("AAPL", "SPX", "TSLA", "/ESZ6", "SPY   260116C00600500")))
                .isEqualTo("equity=AAPL%2CTSLA&equity-option=SPY%20%20%20260116C00600500&future=%2FESZ6&index=SPX");
    }
}
