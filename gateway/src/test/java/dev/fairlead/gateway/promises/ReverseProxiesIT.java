package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.Curl;
import dev.fairlead.gateway.testing.ForeignProgram;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.TlsFiles;
import dev.fairlead.gateway.testing.Tools;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configurations that the page on reverse proxies has, as they stand there, in the real programs. */
@Tag("attack")
class ReverseProxiesIT {
    private static final Path PAGE = Path.of("docs", "reverse-proxies.md");
    private static final String NAME = "gw.example.com";
    private static final String CLIENT = "127.0.0.5"; // loopback as well, but no proxy's address
    private static final String AUTHORIZATION = "Authorization: Bearer " + RunningGateway.PASSWORD;

    @TempDir
    static Path folder;

    private static RunningGateway gateway;
    private static TlsFiles tls;

    @BeforeAll
    static void start() throws Exception {
        tls = TlsFiles.make(folder, NAME);
        gateway = RunningGateway.start(
                folder.resolve("data"),
                "http.behind_tls_proxy=true",
                "http.base_path=/fairlead",
                "http.trusted_proxies=127.0.0.1",
                "auth.allowed_hosts=" + NAME);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void nginx_passes_on_what_the_gateway_needs() throws Exception {
        int port = ForeignProgram.freePort();
        Path scratch = Files.createDirectory(folder.resolve("nginx"));
        String here = "http {\n access_log off; client_body_temp_path %1$s/body; proxy_temp_path %1$s/proxy;"
                + " fastcgi_temp_path %1$s/fastcgi; uwsgi_temp_path %1$s/uwsgi; scgi_temp_path %1$s/scgi;";
        Path file = Files.writeString(
                folder.resolve("nginx.conf"),
                ours(block("nginx"), port)
                        .replace("http {", here.formatted(scratch))
                        .replace("/etc/ssl/" + NAME + ".pem", tls.certificate().toString())
                        .replace("/etc/ssl/" + NAME + ".key", tls.key().toString()));
        try (ForeignProgram nginx = ForeignProgram.start(
                folder,
                List.of(
                        Tools.require("nginx", "apt-get install nginx-light").toString(),
                        "-p",
                        scratch.toString(),
                        "-e",
                        "stderr",
                        "-g",
                        "daemon off; pid " + scratch.resolve("pid") + ";",
                        "-c",
                        file.toString()))) {
            assertServes(nginx.listening(port), port);
        }
    }

    @Test
    void haproxy_passes_on_what_the_gateway_needs() throws Exception {
        int port = ForeignProgram.freePort();
        Path file = Files.writeString(
                folder.resolve("haproxy.cfg"),
                ours(block("haproxy"), port)
                        .replace("/etc/haproxy/" + NAME + ".pem", tls.both().toString()));
        try (ForeignProgram haproxy = ForeignProgram.start(
                folder,
                List.of(
                        Tools.require("haproxy", "apt-get install haproxy").toString(),
                        "-db",
                        "-f",
                        file.toString()))) {
            assertServes(haproxy.listening(port), port);
        }
    }

    private static void assertServes(ForeignProgram proxy, int port) throws Exception {
        // Nobody is the operator for coming through it.
        assertThat(get(port, "/api/agents").status()).isEqualTo(401);
        assertThat(get(port, "/api/agents", "-H", AUTHORIZATION).status()).isEqualTo(200);

        // A login from the page's own Origin, and from no other; what a client says of its address is worth nothing.
        Curl.Reply login = login(port, "https://" + NAME + ":" + port);
        assertThat(login.status()).isEqualTo(200);
        assertThat(login(port, "http://" + NAME + ":" + port).status()).isEqualTo(403);
        assertThat(login(port, "https://evil.example").status()).isEqualTo(403);
        assertThat(addressOfLastLogin(port)).isEqualTo(CLIENT);

        String head = get(port, "/api/health", "-i").body();
        assertThat(head).containsIgnoringCase("strict-transport-security: max-age=31536000");
        assertThat(get(port, "", "-o", "/dev/null").status()).isEqualTo(308);
        assertThat(get(port, "/", "-H", "Accept: text/html").body()).contains("src=\"/fairlead/assets/app-");

        assertThat(snapshot(port, FrameCodec.tree(login.body()).path("token").asText()))
                .contains("\"type\":\"snapshot\"");
        assertThat(proxy.said()).doesNotContainIgnoringCase("[emerg]").doesNotContain("[ALERT]");
    }

    private static Curl.Reply login(int port, String origin) {
        return get(
                port,
                "/api/login",
                "-H",
                "Origin: " + origin,
                "-H",
                "Content-Type: application/json",
                "-H",
                "X-Forwarded-For: 203.0.113.9",
                "-d",
                "{\"password\":\"" + RunningGateway.PASSWORD + "\"}");
    }

    private static String addressOfLastLogin(int port) {
        for (JsonNode entry : FrameCodec.tree(
                        get(port, "/api/audit", "-H", AUTHORIZATION).body())
                .path("entries")) {
            if (entry.path("action").asText().equals("login")) {
                return entry.path("address").asText();
            }
        }
        return "";
    }

    private static Curl.Reply get(int port, String path, String... more) {
        return Curl.get(url(port, path), client(port, more));
    }

    private static String[] client(int port, String... more) {
        List<String> options = new ArrayList<>(List.of(
                "--http1.1",
                "--interface",
                CLIENT,
                "--cacert",
                tls.certificate().toString(),
                "--resolve",
                NAME + ":" + port + ":127.0.0.1"));
        options.addAll(Arrays.asList(more));
        return options.toArray(String[]::new);
    }

    /** The first frame of a stream. */
    private static String snapshot(int port, String token) throws Exception {
        CompletableFuture<String> first = new CompletableFuture<>();
        WebSocket socket = HttpClient.newBuilder()
                .sslContext(tls.trust())
                .build()
                .newWebSocketBuilder()
                .header("Authorization", "Bearer " + token)
                .buildAsync(URI.create("wss://localhost:" + port + "/fairlead/ws/agents"), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
                        first.complete(text.toString());
                        return CompletableFuture.completedStage(null);
                    }
                })
                .join();
        try {
            return first.get(20, TimeUnit.SECONDS);
        } finally {
            socket.abort();
        }
    }

    private static String url(int port, String path) {
        return "https://" + NAME + ":" + port + "/fairlead" + path;
    }

    /** The page's file with this machine's ports. */
    private static String ours(String file, int port) {
        return file.replace("127.0.0.1:18800", "127.0.0.1:" + gateway.port())
                .replace("listen 443", "listen 127.0.0.1:" + port)
                .replace("bind :443", "bind 127.0.0.1:" + port);
    }

    private static String block(String language) throws IOException {
        Matcher block =
                Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
        assertThat(block.find()).as("the page has a file for " + language).isTrue();
        return block.group(1);
    }
}
