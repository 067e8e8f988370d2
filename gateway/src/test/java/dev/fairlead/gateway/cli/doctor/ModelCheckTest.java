package dev.fairlead.gateway.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.fairlead.gateway.cli.doctor.Finding.Verdict;
import dev.fairlead.gateway.settings.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelCheckTest {
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private HttpServer server;
    private int status = 200;
    private String body = "{\"data\":[{\"id\":\"qwen3:8b\"},{\"id\":\"llama3:latest\"}]}";

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @ParameterizedTest
    @CsvSource({"qwen3:8b, GOOD", "llama3, GOOD", "mistral, WARNING"})
    void a_model_that_is_not_there_is_named_with_those_that_are(String model, Verdict verdict) {
        Finding finding = check(model);
        assertThat(finding.verdict()).isEqualTo(verdict);
        assertThat(asked).containsExactly("/v1/models Bearer sk-canary");
        finding.remedy().ifPresent(remedy -> assertThat(remedy).contains("qwen3:8b, llama3:latest"));
    }

    @Test
    void a_refused_key_is_told() {
        status = 401;
        assertThat(check("qwen3:8b").remedy()).contains("check llm.api_key");
    }

    @Test
    void an_endpoint_that_lists_nothing_is_good_enough() {
        status = 404;
        assertThat(check("qwen3:8b").verdict()).isEqualTo(Verdict.GOOD);
    }

    @Test
    void what_is_no_such_endpoint_is_told() {
        body = "<html>Hello</html>";
        assertThat(check("qwen3:8b").remedy()).get().asString().contains("llm.base_url");
    }

    @Test
    void an_endpoint_that_is_not_there_is_told() {
        server.stop(0);
        assertThat(check("qwen3:8b").detail()).contains("does not answer");
    }

    @Test
    void a_key_in_the_clear_is_told() {
        Settings.Llm llm = Settings.of("llm.base_url=http://model.invalid/v1", "llm.model=m", "llm.api_key=sk-canary")
                .llm();
        assertThat(ModelCheck.run(llm)).first().satisfies(finding -> assertThat(finding.detail())
                .contains("unencrypted"));
        assertThat(ModelCheck.run(llm).toString()).doesNotContain("canary");
    }

    @Test
    void nothing_is_asked_where_no_model_is_set() {
        assertThat(ModelCheck.run(Settings.defaults().llm())).isEmpty();
    }

    private Finding check(String model) {
        List<Finding> findings = ModelCheck.run(Settings.of(
                        "llm.base_url=http://127.0.0.1:" + server.getAddress().getPort(),
                        "llm.model=" + model,
                        "llm.api_key=sk-canary")
                .llm());
        assertThat(findings).hasSize(1);
        return findings.get(0);
    }
}
