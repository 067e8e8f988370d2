package dev.fairlead.gateway.testing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.Gateway;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A real gateway of this JVM, on a free port and a folder of its own. Whatever it answers is held against the
 * contract's document.
 */
public final class RunningGateway implements AutoCloseable {
    public static final String PASSWORD = "correct horse battery staple";

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Gateway gateway;

    private RunningGateway(Gateway gateway) {
        this.gateway = gateway;
    }

    /** Starts one; the blocked event loops of its Vert.x are watched by {@link BlockedLoops}. */
    public static RunningGateway start(Path folder, String... settings) {
        return start(folder, TimeSource.system(), settings);
    }

    public static RunningGateway start(Path folder, TimeSource time, String... settings) {
        return start(folder, System.getenv(), time, settings);
    }

    /** With an environment of its own, which upstream credentials are taken from. */
    public static RunningGateway start(
            Path folder, Map<String, String> environment, TimeSource time, String... settings) {
        List<String> all =
                new ArrayList<>(List.of("http.port=0", "data_dir=" + folder, "auth.admin_password=" + PASSWORD));
        all.addAll(Arrays.asList(settings));
        VertxOptions options = BlockedLoops.watched(new VertxOptions());
        return new RunningGateway(
                await(Gateway.start(Settings.of(all.toArray(String[]::new)), environment, time, options)));
    }

    /** A node of a fleet, by what {@link Nodes#clustered} makes of the settings. */
    public static RunningGateway node(Path folder, TimeSource time, String... settings) {
        List<String> all =
                new ArrayList<>(List.of("http.port=0", "data_dir=" + folder, "auth.admin_password=" + PASSWORD));
        all.addAll(Arrays.asList(settings));
        return new RunningGateway(await(Gateway.start(
                Nodes.clustered(Settings.of(all.toArray(String[]::new))),
                System.getenv(),
                time,
                BlockedLoops.watched(new VertxOptions()))));
    }

    public Gateway gateway() {
        return gateway;
    }

    public int port() {
        return gateway.port();
    }

    public URI http(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    public URI ws(String path) {
        return URI.create("ws://127.0.0.1:" + port() + path);
    }

    /** A registration token for an agent. */
    public String registrationToken(String agent) {
        return post("/api/admin/tokens", "{\"agent_name\":\"" + agent + "\"}", "Authorization", "Bearer " + PASSWORD)
                .body()
                .get("token")
                .asText();
    }

    /** What came back: the body is missing where it is no JSON. */
    public record Reply(int status, JsonNode body, HttpResponse<String> raw) {}

    public Reply get(String path, String... headers) {
        return send("GET", path, "", headers);
    }

    public Reply delete(String path, String... headers) {
        return send("DELETE", path, "", headers);
    }

    public Reply post(String path, String json, String... headers) {
        return send("POST", path, json, headers);
    }

    public Reply send(String method, String path, String json, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(http(path))
                .method(
                        method,
                        json.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(json));
        if (!json.isEmpty() && !Arrays.asList(headers).contains("Content-Type")) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<String> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            String contentType = response.headers().firstValue("Content-Type").orElse("");
            JsonNode body =
                    contentType.equals("application/json") ? FrameCodec.tree(response.body()) : FrameCodec.object();
            RestContract.check(method, path, response.statusCode(), contentType, body);
            return new Reply(response.statusCode(), body, response);
        } catch (IOException e) {
            throw new AssertionError("No answer to " + method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        await(gateway.close());
    }

    public static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("Did not come about", e.getCause() == null ? e : e.getCause());
        }
    }
}
