package dev.fairlead.gateway.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WrittenFormsTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "500ms, 500, 500ms",
        "30s, 30000, 30s",
        "12m, 720000, 12m",
        "60m, 3600000, 1h",
        "7d, 604800000, 7d"
    })
    void a_duration_is_read_and_written(String text, long millis, String written) {
        assertThat(DurationText.parse(text)).isEqualTo(Duration.ofMillis(millis));
        assertThat(DurationText.format(Duration.ofMillis(millis))).isEqualTo(written);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "512, 512, 512",
        "512B, 512, 512",
        "64KiB, 65536, 64KiB",
        "1024KiB, 1048576, 1MiB",
        "2GiB, 2147483648, 2GiB"
    })
    void a_size_is_read_and_written(String text, long bytes, String written) {
        assertThat(ByteSize.parse(text)).isEqualTo(new ByteSize(bytes)).hasToString(written);
    }

    @Test
    void a_confirmation_asks_above_its_amount_only() {
        OrderConfirmation above = OrderConfirmation.parse("above:2500.50");
        assertThat(above.asksFor(new BigDecimal("2500.50"))).isFalse();
        assertThat(above.asksFor(new BigDecimal("2500.51"))).isTrue();
        assertThat(OrderConfirmation.parse("always").asksFor(BigDecimal.ZERO)).isTrue();
        assertThat(OrderConfirmation.parse("never").asksFor(BigDecimal.TEN)).isFalse();
    }
}
