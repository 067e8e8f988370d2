package dev.fairlead.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.testing.Nodes;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real member, and what a stranger who reaches its ports comes to. */
class MembersIT {
    /** What a member begins with. */
    private static final String PROTOCOL = "HZC";

    private static int port;
    private static int busPort;
    private static Vertx member;
    private static Set<String> listening;

    @BeforeAll
    static void join() throws Exception {
        Set<String> before = listening();
        List<Integer> free = Nodes.freePorts(2);
        port = free.get(0);
        busPort = free.get(1);
        member = member(port, busPort, "127.0.0.1:" + port, "the fleet");
        listening = listening();
        listening.removeAll(before);
    }

    @AfterAll
    static void leave() throws Exception {
        member.close().await(30, TimeUnit.SECONDS);
    }

    @Test
    void a_member_listens_at_its_host_alone() throws Exception {
        assertThat(listening)
                .as("the port of the members and that of the event bus")
                .containsExactlyInAnyOrder("127.0.0.1:" + port, "127.0.0.1:" + busPort);
        assertThatThrownBy(() -> new Socket("127.0.0.2", port).close()).isInstanceOf(ConnectException.class);
    }

    /** What clients, the REST calls and memcached's begin with. */
    @ParameterizedTest
    @ValueSource(strings = {"CP2", "CB1", "GET / HTTP/1.1\r\n\r\n", "get x\r\n", "\0\0\0\0\0\0\0\0"})
    void nobody_but_members_is_spoken_to(String first) throws Exception {
        try (Socket stranger = new Socket(InetAddress.getLoopbackAddress(), port)) {
            stranger.setSoTimeout(30_000);
            stranger.getOutputStream().write(first.getBytes(StandardCharsets.US_ASCII));

            assertThat(isClosed(stranger)).isTrue();
        }
    }

    @Test
    void who_does_not_know_the_name_of_the_fleet_is_not_let_in() throws Exception {
        int another = Nodes.freePorts(1).get(0);

        assertThat(nodes(member)).isOne();
        Vertx stranger = member(another, 0, "127.0.0.1:" + port + ",127.0.0.1:" + another, "another fleet");
        try {
            assertThat(nodes(member)).isOne();
            assertThat(nodes(stranger)).as("in a cluster of its own").isOne();
        } finally {
            stranger.close().await(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void a_port_that_is_taken_is_named_with_its_setting() throws Exception {
        int another = Nodes.freePorts(1).get(0);
        assertThatThrownBy(() -> member(another, busPort, "127.0.0.1:" + another, "a third fleet"))
                .hasMessageContaining(busPort + " (cluster.bus_port)");
    }

    private static boolean isClosed(Socket socket) throws IOException {
        try {
            byte[] said = socket.getInputStream().readAllBytes();
            return said.length <= PROTOCOL.length(); // that members speak, at most
        } catch (SocketException reset) {
            return true; // with something of ours unread
        }
    }

    private static int nodes(Vertx vertx) {
        return ((VertxInternal) vertx).clusterManager().getNodes().size();
    }

    private static Vertx member(int port, int busPort, String members, String fleet) throws Exception {
        return Members.join(
                        Vertx.builder(),
                        new VertxOptions(),
                        Settings.of("cluster.port=" + port, "cluster.bus_port=" + busPort, "cluster.members=" + members)
                                .cluster(),
                        fleet)
                .await(60, TimeUnit.SECONDS);
    }

    /** This process's own: address and port. */
    private static Set<String> listening() throws IOException {
        Set<String> own = new HashSet<>();
        try (var files = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path file : files) {
                try {
                    own.add(Files.readSymbolicLink(file).toString());
                } catch (IOException gone) {
                    // closed meanwhile
                }
            }
        }
        Set<String> found = new HashSet<>();
        for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(table))) {
                String[] fields = line.strip().split("\\s+", -1);
                if (fields.length > 9 && fields[3].equals("0A") && own.contains("socket:[" + fields[9] + "]")) {
                    found.add(address(fields[1]));
                }
            }
        }
        return found;
    }

    /** As the kernel writes it: 32-bit words in the order of the machine, the last of which holds an IPv4 address. */
    private static String address(String hex) {
        String[] parts = hex.split(":", -1);
        String word = parts[0].substring(parts[0].length() - 8);
        StringBuilder address = new StringBuilder();
        for (int at = 6; at >= 0; at -= 2) {
            address.append(Integer.parseInt(word.substring(at, at + 2), 16)).append(at == 0 ? ":" : ".");
        }
        return address.append(Integer.parseInt(parts[1], 16)).toString();
    }
}
