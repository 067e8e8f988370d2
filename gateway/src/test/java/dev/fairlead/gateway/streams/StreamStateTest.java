package dev.fairlead.gateway.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.StreamPosition;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamStateTest {
    private record Set1(String key, int value) {}

    /** A map of numbers, as a whole or only the keys that begin with a letter. */
    private static final class Numbers implements StreamDefinition<Set1> {
        private final Map<String, Integer> now = new TreeMap<>();
        private boolean timeless;
        private int encoded;

        @Override
        public StreamView<Set1> view(Map<String, String> parameters) {
            String prefix = parameters.getOrDefault("prefix", "");
            return new StreamView<>() {
                @Override
                public String key() {
                    return prefix;
                }

                @Override
                public byte[] snapshot() {
                    Map<String, Integer> shown = new TreeMap<>(now);
                    shown.keySet().removeIf(key -> !key.startsWith(prefix));
                    return FrameCodec.encode(Map.of("type", "snapshot", "now", shown));
                }

                @Override
                public boolean isTimeless() {
                    return timeless && prefix.isEmpty();
                }

                @Override
                public Optional<byte[]> delta(Set1 event) {
                    encoded++;
                    return event.key.startsWith(prefix)
                            ? Optional.of(
                                    FrameCodec.encode(Map.of("type", "set", "key", event.key, "value", event.value)))
                            : Optional.empty();
                }
            };
        }
    }

    private final Numbers numbers = new Numbers();
    private final StreamState<Set1> state = new StreamState<>("numbers", numbers, "e1", 10, 1 << 20, 3);

    @Test
    void a_new_client_gets_the_state_now_with_epoch_and_seq() {
        set("a", 1);
        JsonNode snapshot = only(subscribe(Map.of(), Optional.empty()));

        assertThat(snapshot.get("type").asText()).isEqualTo("snapshot");
        assertThat(snapshot.get("now").get("a").asInt()).isEqualTo(1);
        assertThat(snapshot.get("epoch").asText()).isEqualTo("e1");
        assertThat(snapshot.get("seq").asInt()).isEqualTo(1);
        assertThat(snapshot.has("resync")).isFalse();
    }

    @Test
    void frames_of_a_view_are_numbered_without_holes_whatever_others_filter() {
        subscribe(Map.of("prefix", "b"), Optional.empty());
        set("a", 1);
        set("b", 2);
        set("a", 3);
        set("b", 4);

        assertThat(drained("numbers?b"))
                .extracting(frame -> frame.get("seq").asInt())
                .containsExactly(1, 2);
        assertThat(state.drain()).isEmpty();
    }

    @Test
    void a_client_that_comes_back_in_time_gets_what_it_missed_and_no_more() {
        set("a", 1);
        set("a", 2);
        set("a", 3);

        List<JsonNode> frames = frames(subscribe(Map.of(), Optional.of("e1:1")).frames());

        assertThat(frames).extracting(frame -> frame.get("type").asText()).containsExactly("resumed", "set", "set");
        assertThat(frames.get(0).get("seq").asInt()).isEqualTo(1);
        assertThat(frames).extracting(frame -> frame.get("seq").asInt()).containsExactly(1, 2, 3);
    }

    @Test
    void a_client_that_missed_nothing_is_resumed_with_nothing() {
        set("a", 1);

        assertThat(only(subscribe(Map.of(), Optional.of("e1:1"))).get("type").asText())
                .isEqualTo("resumed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"e0:1", "e1:99", "e1:4"})
    void a_point_of_another_life_ahead_of_us_or_out_of_the_ring_gets_a_snapshot(String since) {
        for (int i = 0; i < 15; i++) {
            set("a", i);
        }

        assertThat(only(subscribe(Map.of(), Optional.of(since))).get("type").asText())
                .isEqualTo("snapshot");
    }

    @Test
    void the_oldest_point_in_the_ring_still_resumes() {
        for (int i = 0; i < 15; i++) {
            set("a", i);
        }

        assertThat(subscribe(Map.of(), Optional.of("e1:5")).frames().count()).isEqualTo(11);
    }

    @Test
    void a_point_of_an_earlier_life_resumes_where_what_followed_was_recalled() {
        recall("e0", 7, 1);
        recall("e0", 8, 2);
        set("a", 3);
        state.drain();

        List<JsonNode> frames = frames(subscribe(Map.of(), Optional.of("e0:7")).frames());
        assertThat(frames).extracting(frame -> frame.get("epoch").asText()).containsOnly("e1");
        assertThat(frames).extracting(frame -> frame.path("value").asInt()).containsExactly(0, 2, 3);
        assertThat(frames).extracting(frame -> frame.get("seq").asInt()).containsExactly(1, 2, 3);
        assertThat(subscribe(Map.of(), Optional.of("e0:6")).frames().count()).isEqualTo(4);
        assertThat(subscribe(Map.of(), Optional.of("e0:8")).frames().count()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"e0:5", "e0:9", "e00:7"})
    void a_point_of_an_earlier_life_that_was_not_recalled_gets_a_snapshot(String since) {
        recall("e0", 7, 1);
        recall("e0", 8, 2);

        assertThat(only(subscribe(Map.of(), Optional.of(since))).get("type").asText())
                .isEqualTo("snapshot");
    }

    @Test
    void who_left_off_before_a_gap_in_what_was_recalled_gets_a_snapshot() {
        recall("e0", 7, 1);
        recall("e0", 9, 2);

        assertThat(only(subscribe(Map.of(), Optional.of("e0:7"))).get("type").asText())
                .isEqualTo("snapshot");
        assertThat(subscribe(Map.of(), Optional.of("e0:8")).frames().count()).isEqualTo(2);
    }

    @Test
    void who_left_off_before_what_nobody_can_recall_gets_a_snapshot() {
        recall("e0", 7, 1);
        recall("e0", 8, 2);
        state.forgetRecalled();
        recall("e00", 1, 3);

        assertThat(only(subscribe(Map.of(), Optional.of("e0:8"))).get("type").asText())
                .isEqualTo("snapshot");
        assertThat(subscribe(Map.of(), Optional.of("e00:0")).frames().count()).isEqualTo(2);
    }

    @Test
    void a_point_that_is_none_is_refused() {
        assertThatThrownBy(() -> subscribe(Map.of(), Optional.of("nonsense")))
                .isInstanceOfSatisfying(FairleadException.class, refusal -> assertThat(refusal.code())
                        .isEqualTo(ErrorCode.BAD_REQUEST));
    }

    @Test
    void one_that_lagged_gets_a_snapshot_that_says_so() {
        set("a", 1);
        StreamCommands.Subscribed answer =
                state.subscribe(new StreamCommands.Subscribe(Map.of(), Optional.empty(), Optional.of(0L)), 0);

        assertThat(only(answer).get("resync").asBoolean()).isTrue();
    }

    @Test
    void the_ring_is_bounded_in_bytes_as_well() {
        StreamState<Set1> tight = new StreamState<>("numbers", numbers, "e1", 1000, 200, 3);
        for (int i = 0; i < 50; i++) {
            tight.accept(new Set1("a", i));
        }
        tight.drain();

        StreamCommands.Subscribed answer =
                tight.subscribe(new StreamCommands.Subscribe(Map.of(), Optional.of("e1:40"), Optional.empty()), 0);
        assertThat(only(answer).get("type").asText()).isEqualTo("snapshot");
    }

    @Test
    void filters_are_bounded_and_forgotten_when_nobody_looks() {
        subscribe(Map.of("prefix", "x"), Optional.empty());
        subscribe(Map.of("prefix", "y"), Optional.empty());
        assertThatThrownBy(() -> subscribe(Map.of("prefix", "z"), Optional.empty()))
                .hasMessageContaining("streams.max_views");

        long later = StreamState.LINGER.toNanos() + 1;
        state.inUse(Set.of("numbers?x"), later);

        assertThat(state.views()).isEqualTo(2); // the unfiltered one and x
    }

    @Test
    void what_is_timeless_is_encoded_for_those_alone_that_look() {
        numbers.timeless = true;
        StreamState<Set1> server = new StreamState<>("numbers", numbers, "e1", 10, 1 << 20, 3);
        for (int i = 0; i < 25; i++) {
            server.accept(new Set1("a", i));
        }
        assertThat(server.drain()).isEmpty();
        assertThat(numbers.encoded).isZero();
        assertThat(server.position()).isEqualTo(new StreamPosition("e1", 25));

        List<JsonNode> missed = frames(server.subscribe(since("e1:17"), 0).frames());
        assertThat(missed)
                .extracting(frame -> frame.get("seq").asInt())
                .containsExactly(17, 18, 19, 20, 21, 22, 23, 24, 25);
        assertThat(server.drain()).isEmpty();
        server.accept(new Set1("a", 25));
        assertThat(server.drain()).hasSize(1);

        server.inUse(Set.of(), StreamState.LINGER.toNanos() + 1);
        server.accept(new Set1("a", 26));
        assertThat(server.drain()).isEmpty();
        server.inUse(Set.of("numbers?"), 2 * StreamState.LINGER.toNanos());
        StreamEvent.Frames late = server.drain().get(0);
        assertThat(late.from()).isEqualTo(26);
        assertThat(late.to()).isEqualTo(27);
    }

    @Test
    void what_too_many_events_passed_over_is_a_gap_for_who_was_not_heard_of() {
        numbers.timeless = true;
        StreamState<Set1> server = new StreamState<>("numbers", numbers, "e1", 10, 1 << 20, 3);
        for (int i = 0; i < 25; i++) {
            server.accept(new Set1("a", i));
        }
        server.inUse(Set.of("numbers?"), 0);
        StreamEvent.Frames late = server.drain().get(0);
        assertThat(late.from()).isEqualTo(15);
        assertThat(late.to()).isEqualTo(25);
        assertThat(only(server.subscribe(since("e1:14"), 0)).get("type").asText())
                .isEqualTo("snapshot");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void snapshot_and_deltas_over_any_number_of_reconnects_equal_the_server(long seed) {
        Random random = new Random(seed);
        numbers.timeless = seed % 2 == 0;
        StreamState<Set1> server = new StreamState<>("numbers", numbers, "e1", 5, 1 << 20, 3);
        Map<String, Integer> client = new TreeMap<>();
        String since = "";
        for (int round = 0; round < 500; round++) {
            Optional<String> from = since.isEmpty() || random.nextInt(3) == 0 ? Optional.empty() : Optional.of(since);
            server.drain();
            List<JsonNode> first = frames(server.subscribe(
                            new StreamCommands.Subscribe(Map.of(), from, Optional.empty()), round * 1_000_000_000L)
                    .frames());
            since = apply(client, first, since);
            int heard = random.nextInt(12);
            for (int i = 0; i < heard; i++) {
                change(server, random);
            }
            for (StreamEvent.Frames frames : server.drain()) {
                since = apply(client, frames(frames.frames()), since);
            }
            assertThat(client).as("seed %d round %d", seed, round).isEqualTo(numbers.now);
            if (random.nextBoolean()) { // nobody looks any more
                server.inUse(Set.of(), round * 1_000_000_000L + StreamState.LINGER.toNanos() + 1);
            }
            int missed = random.nextInt(8);
            for (int i = 0; i < missed; i++) {
                change(server, random);
            }
        }
    }

    private void change(StreamState<Set1> server, Random random) {
        Set1 event = new Set1("k" + random.nextInt(6), random.nextInt(100));
        numbers.now.put(event.key, event.value);
        server.accept(event);
    }

    private static String apply(Map<String, Integer> client, List<JsonNode> frames, String since) {
        String at = since;
        for (JsonNode frame : frames) {
            switch (frame.get("type").asText()) {
                case "snapshot" -> {
                    client.clear();
                    frame.get("now")
                            .properties()
                            .forEach(one ->
                                    client.put(one.getKey(), one.getValue().asInt()));
                }
                case "set" ->
                    client.put(frame.get("key").asText(), frame.get("value").asInt());
                default -> {}
            }
            at = frame.get("epoch").asText() + ":" + frame.get("seq").asLong();
        }
        return at;
    }

    private void recall(String epoch, long seq, int value) {
        state.recall(new StreamPosition(epoch, seq), new Set1("a", value));
    }

    private void set(String key, int value) {
        numbers.now.put(key, value);
        state.accept(new Set1(key, value));
    }

    private static StreamCommands.Subscribe since(String position) {
        return new StreamCommands.Subscribe(Map.of(), Optional.of(position), Optional.empty());
    }

    private StreamCommands.Subscribed subscribe(Map<String, String> parameters, Optional<String> since) {
        return state.subscribe(new StreamCommands.Subscribe(parameters, since, Optional.empty()), 0);
    }

    private List<JsonNode> drained(String view) {
        return state.drain().stream()
                .filter(frames -> frames.view().equals(view))
                .flatMap(frames -> frames(frames.frames()).stream())
                .toList();
    }

    private static JsonNode only(StreamCommands.Subscribed answer) {
        List<JsonNode> frames = frames(answer.frames());
        assertThat(frames).hasSize(1);
        return frames.get(0);
    }

    /** Reads the WebSocket frames back, as RFC 6455 5.2 lays them out. */
    private static List<JsonNode> frames(EncodedFrames encoded) {
        List<JsonNode> all = new ArrayList<>();
        byte[] bytes = encoded.bytes();
        int at = 0;
        while (at < bytes.length) {
            int length = bytes[at + 1] & 0xFF;
            int start = at + 2;
            if (length == 126) {
                length = (bytes[at + 2] & 0xFF) << 8 | (bytes[at + 3] & 0xFF);
                start = at + 4;
            }
            all.add(FrameCodec.tree(
                    new String(Arrays.copyOfRange(bytes, start, start + length), StandardCharsets.UTF_8)));
            at = start + length;
        }
        assertThat(all).hasSize(encoded.count());
        return all;
    }
}
