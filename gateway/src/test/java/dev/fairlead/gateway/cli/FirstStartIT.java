package dev.fairlead.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.fairlead.gateway.testing.Account;
import dev.fairlead.gateway.testing.GatewayProcess;
import dev.fairlead.gateway.testing.RunningGateway;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong in the first hour says what it is, of what, and what mends it. */
class FirstStartIT {
    private static final List<String> QUICK = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m");
    private static final String HINT = "start it with 'fairlead serve', or name another with --gateway-url";

    @TempDir
    Path folder;

    @Test
    void a_data_folder_that_cannot_be_made_says_who_may_not_do_what() {
        Path denied = folder.resolve("roots/data");
        try (GatewayProcess serve = GatewayProcess.under(
                Account.STRANGER.prefixThatReadsAll(),
                QUICK,
                folder,
                Map.of(),
                List.of("serve", "--port", "0", "--data-dir", denied.toString()))) {
            assertThat(serve.exitCode()).isEqualTo(1);
            assertThat(serve.err())
                    .contains("The data folder " + denied + " cannot be made: permission denied for the user games")
                    .contains("(install -d -m 700 -o games " + denied + ")")
                    .contains("--data-dir");
        }
    }

    @Test
    void a_data_folder_below_a_file_says_which() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        try (GatewayProcess serve =
                GatewayProcess.run(folder, Map.of(), "serve", "--port", "0", "--data-dir", file + "/data")) {
            assertThat(serve.exitCode()).isEqualTo(1);
            assertThat(serve.err())
                    .contains("The data folder " + file + "/data cannot be")
                    .contains("--data-dir");
        }
    }

    @Test
    void home_is_what_the_shell_says() {
        Path home = folder.resolve("home");
        try (GatewayProcess doctor = GatewayProcess.run(folder, Map.of("HOME", home.toString()), "doctor")) {
            doctor.exitCode();
            assertThat(doctor.out()).contains(home.resolve(".fairlead").toString());
        }
    }

    @Test
    void a_user_without_a_home_folder_is_told_to_name_one() {
        for (List<String> command : List.of(List.of("serve"), List.of("agent", "--name", "a", "--token", "x"))) {
            try (GatewayProcess homeless =
                    GatewayProcess.under(List.of("env", "-u", "HOME"), QUICK, Path.of("?"), Map.of(), command)) {
                assertThat(homeless.exitCode()).isEqualTo(2);
                assertThat(homeless.err()).contains("has no home folder", "HOME");
            }
        }
    }

    @Test
    void what_answers_like_a_rest_service_is_not_taken_for_a_gateway() throws IOException {
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext("/", exchange -> {
            byte[] body = "{\"error\":{\"code\":\"not_found\",\"message\":\"no\"},\"uptime_seconds\":1}"
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(404, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        other.start();
        try {
            TestConsole doctor = new TestConsole(folder);
            doctor.run(
                    "doctor",
                    "--port",
                    Integer.toString(other.getAddress().getPort()),
                    "--data-dir",
                    folder.resolve("data").toString());
            assertThat(doctor.out()).doesNotContain("held by a gateway").contains("cannot be listened on");
        } finally {
            other.stop(0);
        }
    }

    @Test
    void where_nobody_listens_every_command_says_what_to_do() throws IOException {
        String nowhere = "http://127.0.0.1:" + freePort();
        for (String[] command : new String[][] {
            {"ws", "/ws/agents", "--gateway-url", nowhere},
            {"chat", "--gateway-url", nowhere},
            {"instances", "ls", "--gateway-url", nowhere}
        }) {
            TestConsole console = new TestConsole(folder);
            assertThat(console.run(command)).as(command[0] + console.err()).isEqualTo(3);
            assertThat(console.err()).as(command[0]).contains(HINT);
        }
        try (GatewayProcess agent = GatewayProcess.run(
                folder, Map.of("FAIRLEAD_TOKEN", "x"), "agent", "--name", "a", "--gateway-url", nowhere)) {
            await().atMost(Duration.ofSeconds(30)).until(() -> agent.err().contains(HINT));
        }
    }

    @Test
    void a_token_of_the_environment_that_is_refused_is_named_and_is_no_password() {
        try (RunningGateway gateway = RunningGateway.start(folder.resolve("data"))) {
            TestConsole console = new TestConsole(folder)
                    .with("FAIRLEAD_URL", gateway.http("").toString())
                    .with("FAIRLEAD_TOKEN", "not-a-token");
            assertThat(console.run("agents", "ls")).isEqualTo(4);
            assertThat(console.err())
                    .contains("neither a token nor the admin password of the gateway")
                    .contains("it is from FAIRLEAD_TOKEN; unset it to go on without");

            int last = 0;
            TestConsole tries = new TestConsole(folder)
                    .with("FAIRLEAD_URL", gateway.http("").toString())
                    .with("FAIRLEAD_ADMIN_PASSWORD", "wrong");
            for (int i = 0; i < 7; i++) {
                last = tries.run("agents", "ls");
                assertThat(last).isEqualTo(4);
            }
            assertThat(tries.err()).contains("Too many wrong passwords");
            TestConsole stream = new TestConsole(folder)
                    .with("FAIRLEAD_URL", gateway.http("").toString())
                    .with("FAIRLEAD_ADMIN_PASSWORD", "wrong");
            assertThat(stream.run("ws", "/ws/agents")).isEqualTo(4);
            assertThat(stream.err()).contains("Too many wrong passwords").doesNotContain("Cannot reach");
        }
    }

    @Test
    void a_wrong_value_lists_the_right_ones_in_the_words_of_the_option() {
        try (RunningGateway gateway = RunningGateway.start(folder.resolve("data"))) {
            TestConsole console = new TestConsole(folder)
                    .with("FAIRLEAD_URL", gateway.http("").toString())
                    .with("FAIRLEAD_ADMIN_PASSWORD", RunningGateway.PASSWORD);
            assertThat(console.run("instances", "create", "--restart", "sometimes", "x", "--", "sleep", "1"))
                    .isEqualTo(1);
            assertThat(console.err()).contains("Option '--restart' is one of never, on-failure, always");
            assertThat(console.run("messages", "ls", "--status", "lost")).isEqualTo(1);
            assertThat(console.err()).contains("Option '--status' is one of accepted, delivered");
            assertThat(console.run("agents", "ls", "--output", "xml")).isEqualTo(2);
            assertThat(console.err()).contains("expected one of text, json but was 'xml'");
        }
    }

    /** As a gateway that is killed: the system resets its connections. */
    @Test
    void a_connection_that_is_reset_is_not_taken_for_garbage() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                GatewayProcess agent = GatewayProcess.run(
                        folder,
                        Map.of("FAIRLEAD_TOKEN", "x"),
                        "agent",
                        "--name",
                        "a",
                        "--gateway-url",
                        "http://127.0.0.1:" + listener.getLocalPort())) {
            try (Socket killed = listener.accept()) {
                upgrade(killed);
                killed.getOutputStream().write(new byte[] {(byte) 0x89, 0}); // an empty ping
                // The pong says that the connection is open there, and is left unread, so that the close resets.
                await().until(() -> killed.getInputStream().available() > 0);
                killed.setSoLinger(true, 0);
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> agent.err().contains("next attempt in"));
            assertThat(agent.err()).doesNotContain("cannot be read").contains("closed the connection");
        }
    }

    @Test
    void a_stream_whose_gateway_was_killed_says_so_in_one_line() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                GatewayProcess stream = GatewayProcess.run(
                        folder,
                        Map.of(),
                        "ws",
                        "/ws/agents",
                        "--gateway-url",
                        "http://127.0.0.1:" + listener.getLocalPort())) {
            try (Socket killed = listener.accept()) {
                upgrade(killed);
                killed.getOutputStream().write(new byte[] {(byte) 0x81, 2, '{', '}'});
                await().atMost(Duration.ofSeconds(30)).until(() -> !stream.out().isEmpty());
                killed.setSoLinger(true, 0);
            }
            assertThat(stream.exitCode()).isEqualTo(3);
            assertThat(stream.err().lines())
                    .containsExactly("fairlead: the connection broke: the gateway was ended, or the network between");
        }
    }

    private static void upgrade(Socket socket) throws Exception {
        StringBuilder head = new StringBuilder();
        InputStream in = socket.getInputStream();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.read());
        }
        Matcher key = Pattern.compile("(?i)sec-websocket-key: (\\S+)").matcher(head);
        assertThat(key.find()).isTrue();
        byte[] accept = MessageDigest.getInstance("SHA-1")
                .digest((key.group(1) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
        String protocol = head.indexOf("fairlead.v1") < 0 ? "" : "Sec-WebSocket-Protocol: fairlead.v1\r\n";
        socket.getOutputStream()
                .write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" + protocol
                                + "Sec-WebSocket-Accept: "
                                + Base64.getEncoder().encodeToString(accept) + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }
}
