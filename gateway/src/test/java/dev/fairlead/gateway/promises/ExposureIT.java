package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.testing.GatewayProcess;
import dev.fairlead.gateway.testing.RawHttp;
import dev.fairlead.gateway.testing.TlsFiles;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a gateway opens to whom: to the network, and to others on its machine. */
@Tag("attack")
class ExposureIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Map<String, String> PASSWORD = Map.of("FAIRLEAD_ADMIN_PASSWORD", "correct horse");

    @TempDir
    Path home;

    @Test
    void a_public_address_without_tls_or_password_does_not_start_and_says_how_it_would() throws Exception {
        TlsFiles files = TlsFiles.make(home, "localhost");
        try (GatewayProcess neither = serve(Map.of());
                GatewayProcess noTls = serve(PASSWORD);
                GatewayProcess noPassword = serve(Map.of(), files.options())) {
            assertThat(neither.exit(PATIENCE)).isEqualTo(2);
            assertThat(neither.output()).contains("http.tls_cert", "http.behind_tls_proxy", "FAIRLEAD_ADMIN_PASSWORD");
            assertThat(noTls.exit(PATIENCE)).isEqualTo(2);
            assertThat(noTls.output())
                    .contains("http.tls_cert", "http.behind_tls_proxy")
                    .doesNotContain("correct horse");
            assertThat(noPassword.exit(PATIENCE)).isEqualTo(2);
            assertThat(noPassword.output()).contains("FAIRLEAD_ADMIN_PASSWORD");
        }
    }

    @Test
    void with_tls_and_a_password_a_public_address_serves_https_and_wss_to_those_with_a_token() throws Exception {
        TlsFiles files = TlsFiles.make(home, "localhost");
        HttpClient client = HttpClient.newBuilder().sslContext(files.trust()).build();
        try (GatewayProcess gateway = serve(PASSWORD, files.options())) {
            String address = "://127.0.0.1:" + gateway.port();
            HttpResponse<String> login = client.send(
                    HttpRequest.newBuilder(URI.create("https" + address + "/api/login"))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString("{\"password\":\"correct horse\"}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            String token = FrameCodec.tree(login.body()).get("token").asText();

            URI agents = URI.create("wss" + address + "/ws/agents");
            CompletableFuture<String> first = new CompletableFuture<>();
            client.newWebSocketBuilder()
                    .header("Authorization", "Bearer " + token)
                    .buildAsync(agents, new WebSocket.Listener() {
                        @Override
                        public java.util.concurrent.CompletionStage<?> onText(
                                WebSocket socket, CharSequence text, boolean last) {
                            first.complete(text.toString());
                            return CompletableFuture.completedStage(null);
                        }
                    })
                    .join();
            assertThat(first.get()).startsWith("{\"type\":\"snapshot\"");
            assertThat(refusal(client, agents)).isEqualTo(401);
        }
    }

    @Test
    void over_tls_whoever_says_nothing_counts_and_browsers_are_told_to_stay_with_it() throws Exception {
        TlsFiles files = TlsFiles.make(home, "localhost");
        List<String> options = new ArrayList<>(List.of(files.options()));
        for (String setting :
                List.of("http.max_per_address=12", "http.handshake_timeout=8s", "auth.allowed_hosts=gw.example.com")) {
            options.addAll(List.of("--set", setting));
        }
        try (GatewayProcess gateway = serve(PASSWORD, options.toArray(String[]::new))) {
            int port = gateway.port();
            List<RawHttp> silent = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                silent.add(RawHttp.from("127.0.0.2", port));
            }
            assertThat(RawHttp.from("127.0.0.2", port).isEnded())
                    .as("its share is taken by handshakes that never begin")
                    .isTrue();

            String host = "gw.example.com:" + port;
            assertThat(overTls(files, port, host, "https://" + host))
                    .startsWith("HTTP/1.1 401")
                    .containsIgnoringCase("strict-transport-security: max-age=");
            assertThat(overTls(files, port, host, "http://" + host)).startsWith("HTTP/1.1 403");
            assertThat(overTls(files, port, "localhost:" + port, "https://localhost:" + port))
                    .doesNotContainIgnoringCase("strict-transport-security");
            await().atMost(PATIENCE).until(() -> silent.stream().allMatch(RawHttp::isCut));
        }
    }

    private static String overTls(TlsFiles files, int port, String host, String origin) throws Exception {
        try (Socket socket = files.trust().getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream()
                    .write(("GET /api/agents HTTP/1.1\r\nHost: " + host + "\r\nOrigin: " + origin
                                    + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void a_short_password_in_a_file_does_not_start_where_others_can_try_it() throws Exception {
        Path file = Files.writeString(home.resolve("password"), "short\n");
        try (GatewayProcess gateway =
                serve(Map.of(), "--set", "http.behind_tls_proxy=true", "--set", "auth.admin_password_file=" + file)) {
            assertThat(gateway.exit(PATIENCE)).isEqualTo(1);
            assertThat(gateway.output()).contains("fewer than 12 characters", "set a longer one");
        }
    }

    @Test
    void files_are_the_owners_alone_whatever_the_umask() throws Exception {
        try (GatewayProcess gateway = GatewayProcess.serve(home, Map.of(), "--port", "0")) {
            gateway.port();
            String password =
                    Files.readString(home.resolve(".fairlead/admin-password")).strip();
            String token = FrameCodec.tree(gateway.send(
                                    "POST",
                                    "/api/admin/tokens",
                                    "{\"agent_name\":\"agent-1\"}",
                                    "Authorization",
                                    "Bearer " + password)
                            .body())
                    .get("token")
                    .asText();
            Map<String, String> environment =
                    Map.of("FAIRLEAD_URL", "ws://127.0.0.1:" + gateway.port(), "FAIRLEAD_TOKEN", token);
            try (GatewayProcess agent = GatewayProcess.run(home, environment, "agent", "--name", "agent-1")) {
                Path kept = home.resolve(".fairlead/agents/agent-1/token");
                await().atMost(PATIENCE)
                        .until(() -> Files.exists(kept) || agent.output().contains("Error"));
                assertThat(Files.exists(kept)).as(agent.output()).isTrue();
                assertThat(open(home.resolve(".fairlead"))).isEmpty();
            }
        }
    }

    /** What of a folder anybody but its owner may touch, or is not as a folder or file of ours should be. */
    private static List<String> open(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.map(path -> {
                        try {
                            String wanted = Files.isDirectory(path) ? "rwx------" : "rw-------";
                            String found = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
                            return found.equals(wanted) ? "" : path + " " + found;
                        } catch (IOException gone) {
                            return ""; // a temporary file
                        }
                    })
                    .filter(text -> !text.isEmpty())
                    .toList();
        }
    }

    private GatewayProcess serve(Map<String, String> environment, String... more) {
        return GatewayProcess.serve(
                home,
                environment,
                Stream.concat(Stream.of("--host", "0.0.0.0", "--port", "0"), Stream.of(more))
                        .toArray(String[]::new));
    }

    private static int refusal(HttpClient client, URI uri) {
        try {
            client.newWebSocketBuilder()
                    .buildAsync(uri, new WebSocket.Listener() {})
                    .join()
                    .abort();
            return 101;
        } catch (CompletionException e) {
            return ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
        }
    }
}
