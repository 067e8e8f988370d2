package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.chat.llm.FakeModel;
import dev.fairlead.gateway.chat.llm.ModelReplies;
import dev.fairlead.gateway.testing.OpenAiHttp;
import dev.fairlead.gateway.testing.RunningGateway;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stream's client that takes nothing for as long as its answer is written. */
class OpenAiSlowClientIT {
    private static final String ADMIN = "Bearer " + RunningGateway.PASSWORD;

    /** Whose events are more than sockets and the writer of an answer hold. */
    private static final int PIECES = 15_000;

    @TempDir
    private Path folder;

    @Test
    void has_all_of_it_once_and_in_order() throws IOException {
        String[] pieces =
                IntStream.range(0, PIECES).mapToObj(i -> i + " words, ").toArray(String[]::new);
        try (FakeModel model = FakeModel.start();
                RunningGateway gateway = RunningGateway.start(
                        folder, "auth.mode=required", "llm.base_url=" + model.baseUrl(), "llm.model=test-model");
                Socket client = new Socket()) {
            model.then(ModelReplies.text(pieces));
            client.setReceiveBufferSize(4096); // before it is connected, or the window is large already
            client.connect(new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), gateway.http("/").getPort()));
            String body = "{\"model\":\"fairlead/llm\",\"stream\":true,"
                    + "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
            client.getOutputStream()
                    .write(
                            ("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAuthorization: "
                                            + ADMIN + "\r\nContent-Type: application/json\r\nContent-Length: "
                                            + body.length() + "\r\n\r\n" + body)
                                    .getBytes(StandardCharsets.US_ASCII));
            await().atMost(Duration.ofMinutes(1)).until(() -> isAnswered(gateway));

            String answer = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            List<String> events = Arrays.stream(answer.substring(answer.indexOf("\r\n\r\n") + 2)
                            .replaceAll("\r\n[0-9a-f]+\r\n", "") // between the chunks
                            .split("\n\n"))
                    .filter(event -> event.startsWith("data: "))
                    .map(event -> event.substring("data: ".length()))
                    .collect(Collectors.toList());
            assertThat(events).last().isEqualTo("[DONE]");
            assertThat(OpenAiHttp.text(events)).isEqualTo(String.join("", pieces));
        }
    }

    private static boolean isAnswered(RunningGateway gateway) {
        return gateway.get("/metrics", "Authorization", ADMIN)
                .raw()
                .body()
                .lines()
                .filter(line -> line.startsWith("fairlead_chat_turns_total{outcome=\"complete\"}"))
                .anyMatch(line -> !line.endsWith(" 0.0"));
    }
}
