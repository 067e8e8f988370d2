package dev.fairlead.gateway.testing;

import dev.fairlead.gateway.settings.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** What tests of several nodes on one machine need. */
public final class Nodes {
    private Nodes() {}

    /** The same settings for a node of a fleet, which those that are checked together do not allow yet. */
    public static Settings clustered(Settings s) {
        Settings.Cluster c = s.cluster();
        return new Settings(
                s.http(),
                s.auth(),
                s.dataDir(),
                s.db(),
                s.ws(),
                s.streams(),
                s.agents(),
                s.messages(),
                s.instances(),
                s.logs(),
                s.token(),
                s.upstream(),
                s.quotes(),
                s.orders(),
                s.approvals(),
                s.alerts(),
                s.chat(),
                s.llm(),
                new Settings.Cluster(true, c.host(), c.port(), c.busPort(), c.members(), c.lease(), c.poll()),
                s.log(),
                s.otel(),
                s.shutdown());
    }

    /** Ports of this machine that nobody had a moment ago, all different. */
    public static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    /** As {@code cluster.members} has them. */
    public static String members(List<Integer> ports) {
        return String.join(",", ports.stream().map(port -> "127.0.0.1:" + port).toList());
    }
}
