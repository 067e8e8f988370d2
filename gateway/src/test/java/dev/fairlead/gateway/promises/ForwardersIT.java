package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.testing.Account;
import dev.fairlead.gateway.testing.Curl;
import dev.fairlead.gateway.testing.ForeignProgram;
import dev.fairlead.gateway.testing.GatewayProcess;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.TlsFiles;
import dev.fairlead.gateway.testing.Tools;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whoever comes through a forwarder that tells nothing of its client is never the operator: the real programs, in front
 * of a gateway that an account of its own runs.
 */
@Tag("attack")
@Tag("alone")
class ForwardersIT {
    @TempDir
    static Path folder;

    private static GatewayProcess gateway;

    @BeforeAll
    static void start() throws IOException {
        Path home = Files.createDirectory(folder.resolve("home"));
        // For the account that the gateway runs as.
        assertThat(folder.toFile().setExecutable(true, false)).isTrue();
        assertThat(home.toFile().setWritable(true, false)).isTrue();
        gateway = GatewayProcess.under(
                Account.GATEWAY.prefixThatReadsAll(),
                List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"),
                home,
                Map.of("HOME", home.toString()),
                List.of(
                        "serve",
                        "--port",
                        "0",
                        "--data-dir",
                        home.resolve("data").toString()));
        gateway.port();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void the_account_that_runs_the_gateway_is_the_operator_and_root_is_not() {
        String direct = "http://127.0.0.1:" + gateway.port() + "/api/agents";

        assertThat(Curl.as(Account.GATEWAY, direct).status()).isEqualTo(200);
        assertThat(message(Curl.get(direct)))
                .startsWith("You are root (uid 0); this gateway runs as daemon (uid 1).")
                .contains("the password in " + folder.resolve("home/data/admin-password"));
    }

    @Test
    void haproxy_that_passes_tcp_on_is_its_own_account() throws IOException {
        int port = ForeignProgram.freePort();
        Path file = Files.writeString(folder.resolve("haproxy.cfg"), """
            defaults
                mode tcp
                timeout connect 5s
                timeout client 30s
                timeout server 30s
            listen gateway
                bind 127.0.0.1:%d
                server gateway 127.0.0.1:%d
            """.formatted(port, gateway.port()));
        try (ForeignProgram haproxy = asStranger("haproxy", "haproxy", "-db", "-f", file.toString())) {
            haproxy.listening(port);

            assertStranger(Curl.get("http://127.0.0.1:" + port + "/api/agents"));
        }
    }

    @Test
    void stunnel_is_its_own_account() throws Exception {
        int port = ForeignProgram.freePort();
        TlsFiles tls = TlsFiles.make(folder, "gw.example.com");
        Path file = Files.writeString(
                folder.resolve("stunnel.conf"), """
                    foreground = yes
                    pid =
                    [gateway]
                    accept = 127.0.0.1:%d
                    connect = 127.0.0.1:%d
                    cert = %s
                    key = %s
                    """.formatted(port, gateway.port(), tls.certificate(), tls.key()));
        try (ForeignProgram stunnel = asStranger("stunnel", "stunnel4", file.toString())) {
            stunnel.listening(port);

            assertStranger(Curl.get(
                    "https://localhost:" + port + "/api/agents",
                    "--cacert",
                    tls.certificate().toString()));
        }
    }

    @Test
    void nginx_that_adds_no_header_is_its_own_account() throws IOException {
        int port = ForeignProgram.freePort();
        Path scratch = Files.createDirectory(folder.resolve("nginx"));
        assertThat(scratch.toFile().setWritable(true, false)).isTrue();
        Path file = Files.writeString(folder.resolve("nginx.conf"), """
            daemon off;
            master_process off;
            pid %1$s/pid;
            error_log stderr;
            events {}
            http {
                access_log off;
                client_body_temp_path %1$s/body;
                proxy_temp_path %1$s/proxy;
                fastcgi_temp_path %1$s/fastcgi;
                uwsgi_temp_path %1$s/uwsgi;
                scgi_temp_path %1$s/scgi;
                server {
                    listen 127.0.0.1:%2$d;
                    location / { proxy_pass http://127.0.0.1:%3$d; }
                }
            }
            """.formatted(scratch, port, gateway.port()));
        try (ForeignProgram nginx =
                asStranger("nginx", "nginx-light", "-p", scratch.toString(), "-e", "stderr", "-c", file.toString())) {
            nginx.listening(port);

            assertStranger(Curl.get("http://127.0.0.1:" + port + "/api/agents"));
        }
    }

    @Test
    void an_ssh_login_is_who_logged_in_and_where_a_token_is_required_no_forward_goes_without() throws Exception {
        int forth = ForeignProgram.freePort();
        int back = ForeignProgram.freePort();
        try (Ssh ssh = new Ssh();
                RunningGateway strict = RunningGateway.start(folder.resolve("strict"), "auth.mode=required");
                ForeignProgram forwards = ssh.client(
                        "-L", "127.0.0.1:" + forth + ":127.0.0.1:" + gateway.port(),
                        "-R", "127.0.0.1:" + back + ":127.0.0.1:" + strict.port())) {
            forwards.listening(forth).listening(back);

            Curl.Reply through = Curl.get("http://127.0.0.1:" + forth + "/api/agents");
            assertThat(through.status()).isEqualTo(401);
            assertThat(message(through)).startsWith("You are root (uid 0); this gateway runs as daemon (uid 1).");
            assertThat(Curl.get("http://127.0.0.1:" + back + "/api/agents").status())
                    .isEqualTo(401);
        }
    }

    /** The real sshd on a port and with keys of its own, for the account of the tests. */
    private static final class Ssh implements AutoCloseable {
        private final Path home;
        private final int port = ForeignProgram.freePort();
        private final ForeignProgram sshd;

        Ssh() throws Exception {
            Account.STRANGER.prefix(); // root alone runs an sshd
            home = Files.createDirectory(folder.resolve("ssh"));
            for (String key : List.of("host", "user")) {
                Process made = new ProcessBuilder(
                                Tools.require("ssh-keygen", "apt-get install openssh-client")
                                        .toString(),
                                "-q",
                                "-t",
                                "ed25519",
                                "-N",
                                "",
                                "-f",
                                home.resolve(key).toString())
                        .inheritIO()
                        .start();
                assertThat(made.waitFor()).isZero();
            }
            Files.createDirectories(Path.of("/run/sshd"));
            Path file = Files.writeString(home.resolve("sshd_config"), """
                Port %1$d
                ListenAddress 127.0.0.1
                HostKey %2$s/host
                AuthorizedKeysFile %2$s/user.pub
                PidFile none
                StrictModes no
                PermitRootLogin prohibit-password
                """.formatted(port, home));
            sshd = ForeignProgram.start(
                            folder,
                            List.of(
                                    Tools.require("sshd", "apt-get install openssh-server")
                                            .toString(),
                                    "-D",
                                    "-e",
                                    "-f",
                                    file.toString()))
                    .listening(port);
        }

        ForeignProgram client(String... forwards) {
            List<String> command = new ArrayList<>(List.of(
                    Tools.require("ssh", "apt-get install openssh-client").toString(),
                    "-N",
                    "-i",
                    home.resolve("user").toString(),
                    "-p",
                    Integer.toString(port)));
            for (String option : List.of(
                    "BatchMode=yes",
                    "ExitOnForwardFailure=yes",
                    "StrictHostKeyChecking=no",
                    "UserKnownHostsFile=/dev/null",
                    "IdentitiesOnly=yes")) {
                command.addAll(List.of("-o", option));
            }
            command.addAll(List.of(forwards));
            command.add(System.getProperty("user.name") + "@127.0.0.1");
            return ForeignProgram.start(folder, command);
        }

        @Override
        public void close() {
            sshd.close();
        }
    }

    private static ForeignProgram asStranger(String program, String debianPackage, String... arguments) {
        List<String> command = new ArrayList<>(Account.STRANGER.prefixThatReadsAll());
        command.add(Tools.require(program, "apt-get install " + debianPackage).toString());
        command.addAll(List.of(arguments));
        return ForeignProgram.start(folder, command);
    }

    private static void assertStranger(Curl.Reply reply) {
        assertThat(reply.status()).isEqualTo(401);
        assertThat(message(reply)).startsWith("You are games (uid 5); this gateway runs as daemon (uid 1).");
    }

    private static String message(Curl.Reply reply) {
        return FrameCodec.tree(reply.body()).path("error").path("message").asText();
    }
}
