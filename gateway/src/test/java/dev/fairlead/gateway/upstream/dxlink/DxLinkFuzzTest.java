package dev.fairlead.gateway.upstream.dxlink;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.fairlead.gateway.upstream.MarketQuote;
import java.io.IOException;

/** What a feed sends. */
class DxLinkFuzzTest {
    @FuzzTest(maxDuration = "6s")
    void frames(byte[] bytes) {
        DxLinkDecoder decoder = new DxLinkDecoder();
        try {
            decoder.read(bytes);
            for (MarketQuote quote : decoder.quotes(bytes)) { // under the fields it may have announced
                assertThat(quote.symbol()).isNotEmpty();
                assertThat(Double.isInfinite(quote.bid()) || Double.isInfinite(quote.ask()))
                        .isFalse();
            }
        } catch (IOException refused) {
            assertThat(refused).isNotNull();
        }
    }
}
