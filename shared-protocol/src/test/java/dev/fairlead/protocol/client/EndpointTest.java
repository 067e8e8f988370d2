package dev.fairlead.protocol.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
    @ParameterizedTest
    @CsvSource({
        "ws://h/p,h,80,false,/p",
        "wss://h,h,443,true,/",
        "http://h:18800/ws/agent,h,18800,false,/ws/agent",
        "HTTPS://h:1,h,1,true,/"
    })
    void a_url_says_where(String url, String host, int port, boolean ssl, String path) {
        assertThat(Endpoint.parse(url)).isEqualTo(new Endpoint(host, port, ssl, path, ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost:18800", "ftp://h", "ws:///p", "ws://canary@h/", "ws://h/ canary", "canary"})
    void what_is_none_is_refused_without_being_repeated(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Endpoint.parse(url))
                .withMessageNotContaining("canary");
    }

    @Test
    void a_parameter_takes_the_place_of_the_one_before() {
        Endpoint logs = Endpoint.parse("ws://h/ws/x?since=old&grep=a%20b&sincere=1");
        assertThat(logs.with("since", "e:7&x").query()).isEqualTo("grep=a%20b&sincere=1&since=e%3A7%26x");
    }

    @Test
    void a_token_stands_in_the_header_only_and_in_no_text() {
        Endpoint endpoint = Endpoint.parse("ws://h/p?token=canary");
        assertThat(endpoint.toString()).isEqualTo("ws://h:80/p");
        var attempt = Endpoint.parse("ws://h/p").attempt(Optional.of("canary"), Duration.ofSeconds(1));
        assertThat(attempt.getHeaders().get("Authorization")).isEqualTo("Bearer canary");
        assertThat(attempt.getURI()).isEqualTo("/p");
    }
}
