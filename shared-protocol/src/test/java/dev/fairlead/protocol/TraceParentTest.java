package dev.fairlead.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken for a place in a trace, and what is not. */
class TraceParentTest {
    private static final String GOOD = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    @Test
    void its_parts_are_read() {
        assertThat(TraceParent.of(GOOD)).contains(GOOD);
        assertThat(TraceParent.trace(GOOD)).isEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(TraceParent.span(GOOD)).isEqualTo("b7ad6b7169203331");
        assertThat(TraceParent.sampled(GOOD)).isTrue();
        assertThat(TraceParent.sampled(GOOD.replace("-01", "-02"))).isFalse();
    }

    @Test
    void of_a_later_version_the_known_part_is_taken() {
        assertThat(TraceParent.of("cc" + GOOD.substring(2) + "-what-the-future-brings"))
                .contains(GOOD);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
                "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01",
            })
    void what_is_none_counts_as_none(String text) {
        assertThat(TraceParent.of(text)).isEmpty();
    }

    @Test
    void an_envelope_carries_it_both_ways_and_drops_what_is_none() {
        String json = "{\"subject\":\"test.echo\",\"traceparent\":\"" + GOOD + "\",\"data\":1}";
        assertThat(EnvelopeView.parse(json.getBytes(StandardCharsets.UTF_8)).traceparent())
                .contains(GOOD);
        for (String wrong : new String[] {"\"x\"", "7", "null", "{\"a\":[1]}"}) {
            byte[] bytes = json.replace('"' + GOOD + '"', wrong).getBytes(StandardCharsets.UTF_8);
            EnvelopeView view = EnvelopeView.parse(bytes);
            assertThat(view.traceparent()).isEmpty();
            assertThat(view.data()).isPresent();
        }
        AgentEnvelope whole = AgentEnvelope.of(new Subject("test.echo"), 1).within(Optional.of(GOOD));
        assertThat(AgentEnvelope.parse(whole.encode()).traceparent()).contains(GOOD);
        byte[] frame = EnvelopeWriter.writeFrame(
                new Subject("test.echo"),
                Optional.empty(),
                Optional.of("a"),
                Optional.of(GOOD),
                Optional.of(RawJson.of("1".getBytes(StandardCharsets.UTF_8))),
                5);
        assertThat(new String(frame, StandardCharsets.ISO_8859_1))
                .endsWith("{\"subject\":\"test.echo\",\"from\":\"a\",\"traceparent\":\"" + GOOD
                        + "\",\"data\":1,\"timestamp\":5}");
    }
}
