package dev.fairlead.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** A client of OpenAI's API that holds a key and shows every byte. */
public final class OpenAiHttp {
    private static final String ADMIN = "Bearer " + RunningGateway.PASSWORD;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final RunningGateway gateway;
    private final String authorization;

    private OpenAiHttp(RunningGateway gateway, String key) {
        this.gateway = gateway;
        this.authorization = "Bearer " + key;
    }

    /** With a new key of that scope. */
    public static OpenAiHttp withKey(RunningGateway gateway, String name, String scope) {
        JsonNode made = gateway.post(
                        "/api/admin/tokens",
                        "{\"kind\":\"openai\",\"name\":\"" + name + "\",\"scopes\":[\"" + scope + "\"]}",
                        "Authorization",
                        ADMIN)
                .body();
        return new OpenAiHttp(gateway, made.path("token").asText());
    }

    public RunningGateway.Reply send(String method, String path, String body) {
        return gateway.send(method, path, body, "Authorization", authorization);
    }

    public RunningGateway.Reply get(String path, String... headers) {
        String[] all = Arrays.copyOf(headers, headers.length + 2);
        all[headers.length] = "Authorization";
        all[headers.length + 1] = authorization;
        return gateway.get(path, all);
    }

    public RunningGateway.Reply post(String path, String body) {
        return send("POST", path, body);
    }

    /** What is answered, which must be no error. */
    public JsonNode answer(String path, String body) {
        RunningGateway.Reply reply = post(path, body);
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
        return reply.body();
    }

    /** Begins to read a stream; {@code retries} as OpenAI's packages count them. */
    public HttpResponse<InputStream> open(String path, String body, int retries) {
        HttpRequest.Builder request = HttpRequest.newBuilder(gateway.http(path))
                .header("Authorization", authorization)
                .header("x-stainless-retry-count", Integer.toString(retries));
        if (body.isEmpty()) {
            request.GET();
        } else {
            request.header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body));
        }
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    public List<String> stream(String path, String body) {
        return stream(path, body, 0);
    }

    /** The data of all events of a stream, comments left out. */
    public List<String> stream(String path, String body, int retries) {
        HttpResponse<InputStream> response = open(path, body, retries);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
        try (InputStream in = response.body()) {
            return Arrays.stream(new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n\n"))
                    .filter(event -> !event.startsWith(":"))
                    .map(event -> event.replaceFirst("(?s).*?data: ", ""))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The events that are JSON. */
    public static List<JsonNode> json(List<String> events) {
        return events.stream()
                .filter(event -> !event.equals("[DONE]"))
                .map(FrameCodec::tree)
                .toList();
    }

    /** What the chunks of a completion say. */
    public static String text(List<String> events) {
        StringBuilder text = new StringBuilder();
        json(events)
                .forEach(chunk ->
                        text.append(chunk.at("/choices/0/delta/content").asText("")));
        return text.toString();
    }

    /** The error that is answered, which has all fields the clients read. */
    public static JsonNode error(RunningGateway.Reply reply, int status) {
        assertThat(reply.status()).isEqualTo(status);
        JsonNode error = reply.body().path("error");
        assertThat(error.path("message").asText()).isNotEmpty();
        assertThat(error.path("type").asText()).isNotEmpty();
        assertThat(error.has("param")).isTrue();
        return error;
    }
}
