package dev.fairlead.gateway.chat.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseParserTest {
    private static final String STREAM = "\uFEFFdata: one\n\n" // a byte order mark is no part of a field
            + ": a comment\r\n"
            + "data:two\r\ndata: and a half\r\n\r\n"
            + "event: message\rid: 7\rretry: 10\rdata: grüße, 世界 🚢\r\r"
            + "datagram: not data\ndata\ndata:  spaced \n\n"
            + "data:\n\n"
            + "data: unfinished\n";
    private static final List<String> EVENTS = List.of("one", "two\nand a half", "grüße, 世界 🚢", "\n spaced ");

    private final List<String> seen = new ArrayList<>();

    @Test
    void events_are_the_same_however_the_bytes_are_cut() {
        byte[] bytes = STREAM.getBytes(StandardCharsets.UTF_8);
        for (int first = 0; first <= bytes.length; first++) {
            for (int second = first; second <= bytes.length; second++) {
                seen.clear();
                SseParser parser = new SseParser(1_000, (name, data) -> hear(data));
                parser.feed(Arrays.copyOfRange(bytes, 0, first));
                parser.feed(Arrays.copyOfRange(bytes, first, second));
                parser.feed(Arrays.copyOfRange(bytes, second, bytes.length));
                assertThat(seen).as("cut at %d and %d", first, second).isEqualTo(EVENTS);
            }
        }
    }

    @Test
    void events_are_the_same_byte_by_byte() {
        SseParser parser = new SseParser(1_000, (name, data) -> hear(data));
        for (byte b : STREAM.getBytes(StandardCharsets.UTF_8)) {
            parser.feed(new byte[] {b});
        }
        assertThat(seen).isEqualTo(EVENTS);
    }

    @Test
    void bytes_that_are_no_utf8_are_replaced() {
        new SseParser(100, (name, data) -> hear(data))
                .feed(new byte[] {'d', 'a', 't', 'a', ':', (byte) 0xC3, '(', '\n', '\n'});
        assertThat(seen).containsExactly("\uFFFD(");
    }

    @ParameterizedTest
    @ValueSource(strings = {"data: ", ": ", "event: ", "data: a\ndata: b\n"})
    void an_event_without_end_is_refused(String begin) {
        SseParser parser = new SseParser(100, (name, data) -> hear(data));
        parser.feed(begin.getBytes(StandardCharsets.UTF_8));
        assertThatExceptionOfType(ModelFailure.class)
                .isThrownBy(() -> {
                    for (int i = 0; i < 200; i++) {
                        parser.feed(new byte[] {'x'});
                    }
                })
                .withMessageContaining("100 bytes");
        assertThat(seen).isEmpty();
    }

    @Test
    void the_bound_is_of_an_event_and_not_of_the_stream() {
        SseParser parser = new SseParser(100, (name, data) -> hear(data));
        for (int i = 0; i < 1_000; i++) {
            parser.feed("data: something\n\n: comment\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(seen).hasSize(1_000);
    }

    @Test
    void garbage_never_breaks_it() {
        SplittableRandom random = new SplittableRandom(4711);
        byte[] alphabet = "data: \r\n\n{}é".getBytes(StandardCharsets.UTF_8);
        for (int round = 0; round < 500; round++) {
            SseParser parser = new SseParser(10_000, (name, data) -> hear(data));
            byte[] bytes = new byte[random.nextInt(200)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] =
                        random.nextInt(4) == 0 ? (byte) random.nextInt(256) : alphabet[random.nextInt(alphabet.length)];
            }
            parser.feed(bytes);
        }
        assertThat(seen).noneMatch(String::isEmpty);
    }

    @ParameterizedTest
    @ValueSource(strings = {"data: last", "data: last\n", "data: last\n\n", "event: x\r\ndata: last\r"})
    void an_event_at_the_end_needs_no_empty_line(String end) {
        SseParser parser = new SseParser(100, (name, data) -> hear(data));
        parser.feed(("data: first\n\n" + end).getBytes(StandardCharsets.UTF_8));
        parser.end();
        parser.end();
        assertThat(seen).containsExactly("first", "last");
    }

    @Test
    void an_events_name_is_told_and_is_of_that_event_alone() {
        List<String> names = new ArrayList<>();
        new SseParser(100, (name, data) -> names.add(name + "=" + new String(data, StandardCharsets.UTF_8)))
                .feed("event: error\ndata: a\n\ndata: b\n\nevent: lost\n\nevent:c\ndata:c\n\n"
                        .getBytes(StandardCharsets.UTF_8));
        assertThat(names).containsExactly("error=a", "=b", "c=c");
    }

    private void hear(byte[] data) {
        seen.add(new String(data, StandardCharsets.UTF_8));
    }
}
