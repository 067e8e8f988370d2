package dev.fairlead.gateway.messages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.protocol.RawJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdempotencyKeyTest {
    private static IdempotencyKey key(String sender, String recipient, String key, String type, String payload) {
        return IdempotencyKey.of(sender, recipient, key, type, RawJson.ofText(payload));
    }

    @Test
    void it_is_of_a_sender_a_recipient_and_a_key() {
        String usual = key("a", "b", "k", "t", "1").identity();
        assertThat(key("a", "b", "k", "other", "2").identity()).isEqualTo(usual);
        assertThat(key("c", "b", "k", "t", "1").identity()).isNotEqualTo(usual);
        assertThat(key("a", "c", "k", "t", "1").identity()).isNotEqualTo(usual);
        assertThat(key("a", "b", "l", "t", "1").identity()).isNotEqualTo(usual);
        assertThat(key("ab", "b", "k", "t", "1").identity())
                .isNotEqualTo(key("a", "b", "bk", "t", "1").identity());
    }

    @Test
    void what_is_written_is_read() {
        for (int i = 0; i < 200; i++) { // of all signs
            IdempotencyKey written = key("a", "b", "k", "t", Integer.toString(i));
            assertThat(IdempotencyKey.parse(written.text())).isEqualTo(written);
            assertThat(written.text()).hasSize(65);
        }
    }

    @Test
    void one_of_an_earlier_build_stands_for_its_message_whatever_it_said() {
        // SHA-256 of "a", a zero and "k", as those builds wrote it
        String before = "mip3r7DVDHZGToUvJQ8XmZchfV5tYfJjDYJbusqAOaQ";
        IdempotencyKey earlier = IdempotencyKey.parse(before);
        IdempotencyKey now = key("a", "b", "k", "t", "1");
        assertThat(earlier.text()).isEqualTo(before);
        assertThat(earlier.earlierIdentity()).isEmpty();
        assertThat(now.earlierIdentity()).contains(before);
        assertThat(now.contradicts(earlier.content())).isFalse();
        assertThat(earlier.contradicts(now.content())).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                "'{\"a\":1,\"b\":[1,2]}',' {\"b\" : [ 1,2 ],\n \"a\":1}'",
                "'\"ü\"','\"\\u00fc\"'",
                "'{\"\\u0061\":null}','{\"a\":null}'",
                "'[]','[ ]'"
            })
    void what_is_written_otherwise_may_say_the_same(String one, String other) {
        assertThat(key("a", "b", "k", "t", one)
                        .contradicts(key("a", "b", "k", "t", other).content()))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                "'1','\"1\"'",
                "'{}','[]'",
                "'null','\"null\"'",
                "'true','false'",
                "'[1,2]','[2,1]'",
                "'[[1],2]','[[1,2]]'",
                "'{\"a\":{\"b\":1}}','{\"a\":{},\"b\":1}'",
                "'{\"a\":1,\"b\":2}','{\"a\":2,\"b\":1}'",
                "'{\"a\":\"b\"}','{\"b\":\"a\"}'",
                "'[{},{}]','[{}]'"
            })
    void what_differs_contradicts(String one, String other) {
        IdempotencyKey first = key("a", "b", "k", "t", one);
        assertThat(first.contradicts(key("a", "b", "k", "t", other).content())).isTrue();
        assertThat(first.contradicts(key("a", "b", "k", "u", one).content())).isTrue();
    }
}
