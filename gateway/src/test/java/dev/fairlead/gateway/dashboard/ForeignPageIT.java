package dev.fairlead.gateway.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.sun.net.httpserver.HttpServer;
import dev.fairlead.gateway.testing.RunningGateway;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A page of somebody else, in the operator's own browser, gets nothing out of the gateway. */
@Tag("attack")
class ForeignPageIT {
    private static final String REBOUND = "rebound.example";

    @TempDir
    Path folder;

    @Test
    void it_opens_no_stream_reads_no_answer_and_changes_nothing() throws IOException {
        HttpServer foreign = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        foreign.createContext("/", exchange -> {
            byte[] page = "<!doctype html><title>elsewhere</title>".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        foreign.start();
        try (Chromium chromium = Chromium.launch("--host-resolver-rules=MAP " + REBOUND + " 127.0.0.1");
                RunningGateway gateway = RunningGateway.start(folder);
                Visitor visitor = chromium.visitor().expecting(complaint -> true)) {
            Page page = visitor.open("http://localhost:" + foreign.getAddress().getPort() + "/");
            for (String path : new String[] {"/ws/instances", "/ws/agent", "/ws/chat", "/ws/events"}) {
                assertThat(page.evaluate(SOCKET, gateway.ws(path).toString()))
                        .as(path)
                        .isEqualTo("refused");
            }
            assertThat(page.evaluate(READ, gateway.http("/api/instances").toString()))
                    .isEqualTo("unreadable");
            page.evaluate(WRITE, gateway.http("/api/instances").toString());
            page.setContent(
                    "<form method=post enctype=text/plain action=\"" + gateway.http("/api/instances")
                            + "\"><input name='{\"name\":\"planted\",\"command\":[\"sleep\",\"1\"],\"cwd\":\"' value='/\"}'></form>");
            page.waitForResponse(
                    gateway.http("/api/instances").toString(), () -> page.evaluate("() => document.forms[0].submit()"));
            assertThat(gateway.get("/api/instances").body().get("instances")).isEmpty();

            Page rebound = visitor.context().newPage();
            Response answer = rebound.navigate("http://" + REBOUND + ":" + gateway.port() + "/api/instances");
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.text()).contains("auth.allowed_hosts");

            Page framing =
                    visitor.open("http://localhost:" + foreign.getAddress().getPort() + "/");
            framing.setContent("<iframe src=\"" + gateway.http("/") + "\"></iframe>");
            framing.waitForCondition(() -> framing.frames().size() == 2
                    && !framing.frames().get(1).url().equals("about:blank"));
            assertThat(framing.frames().get(1).url()).doesNotContain("" + gateway.port());
        } finally {
            foreign.stop(0);
        }
    }

    private static final String SOCKET = """
            address => new Promise(done => {
                const socket = new WebSocket(address);
                socket.onopen = () => done("open");
                socket.onerror = () => done("refused");
            })""";

    private static final String READ = """
            address => fetch(address).then(answer => answer.text()).catch(() => "unreadable")""";

    private static final String WRITE = """
            address => fetch(address, {
                method: "POST",
                mode: "no-cors",
                body: JSON.stringify({ name: "planted", command: ["sleep", "1"] }),
            }).catch(() => {})""";
}
