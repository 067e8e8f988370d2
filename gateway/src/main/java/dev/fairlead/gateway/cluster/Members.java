package dev.fairlead.gateway.cluster;

import com.hazelcast.config.ClassFilter;
import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.config.TcpIpConfig;
import dev.fairlead.gateway.settings.Settings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Which nodes the event bus reaches: Hazelcast's members, found by the addresses in the settings and nowhere else. It
 * carries hints; who owns what is said by {@link Leases} alone. No class of Hazelcast is loaded before this one is
 * used.
 *
 * <p>Hazelcast's community edition knows no password and no TLS. What there is: a stranger without the name of the
 * fleet, which is made of its key, is not let in; the port takes members and no clients, listens on
 * {@code cluster.host} alone, and reads no serialized Java objects but exceptions. The name goes over the wire as it
 * is: whoever can listen between the nodes learns it, so that network must be theirs alone.
 */
public final class Members {
    private static final String DEFAULT_PORT = ":" + NetworkConfig.DEFAULT_PORT;

    /**
     * A node that is silent leaves after 10 s, and one that was split off or stood still is merged again seconds after
     * it wakes; with the defaults, minutes.
     */
    private static final Map<String, String> PROPERTIES = Map.of(
            "hazelcast.phone.home.enabled", "false",
            "hazelcast.logging.type", "slf4j",
            "hazelcast.wait.seconds.before.join", "0",
            "hazelcast.max.no.heartbeat.seconds", "10",
            "hazelcast.heartbeat.interval.seconds", "1",
            "hazelcast.merge.first.run.delay.seconds", "5",
            "hazelcast.merge.next.run.delay.seconds", "5",
            "hazelcast.socket.bind.any", "false",
            "hazelcast.shutdownhook.enabled", "false",
            // Each line of its own would begin with the fleet's name.
            "hazelcast.logging.details.enabled", "false");

    /**
     * Members tell each other of failures as Java's exceptions: what is asked waits for a minute where such an answer
     * cannot be read.
     */
    private static final String[] EXCEPTIONS = {
        "com.hazelcast.", "java.lang.", "java.util.", "java.io.", "java.net.", "[Ljava.lang.StackTraceElement;"
    };

    /** Nothing else of Java's own objects is read; of the packages above, none that does something while it is. */
    private static final String[] NO_EXCEPTIONS = {"java.lang.invoke.", "java.lang.reflect.", "java.net.UR"};

    private Members() {}

    /**
     * Makes a Vert.x that is a member.
     *
     * @param fleet what tells this fleet from every other, a secret: members of another are refused, and are told so
     */
    public static Future<Vertx> join(
            VertxBuilder builder, VertxOptions options, Settings.Cluster settings, String fleet) {
        VertxOptions clustered = new VertxOptions(options)
                .setEventBusOptions(new EventBusOptions(options.getEventBusOptions())
                        .setHost(settings.ownHost())
                        .setPort(settings.busPort()));
        return builder.with(clustered)
                .withClusterManager(new HazelcastClusterManager(config(settings, fleet)))
                .buildClustered()
                .recover(failure -> Future.failedFuture(new IOException(refusal(settings, failure), failure)));
    }

    private static String refusal(Settings.Cluster settings, Throwable failure) {
        return "This node does not become a member of the cluster: " + failure.getMessage() + ". It listens at "
                + settings.ownHost() + ", port " + settings.port() + " (cluster.port) for members and port "
                + settings.busPort() + " (cluster.bus_port) for what they tell each other; both must be free, and"
                + " cluster.host an address of this machine";
    }

    /** What Hazelcast is told; nothing comes from a file. */
    static Config config(Settings.Cluster settings, String fleet) {
        Config config = new Config().setClusterName(fleet);
        PROPERTIES.forEach(config::setProperty);
        JoinConfig join = config.getAdvancedNetworkConfig().setEnabled(true).getJoin();
        config.getAdvancedNetworkConfig().setMemberEndpointConfig(endpoint(settings));
        config.getSerializationConfig()
                .setJavaSerializationFilterConfig(new JavaSerializationFilterConfig()
                        .setDefaultsDisabled(true)
                        .setWhitelist(new ClassFilter().addPrefixes(EXCEPTIONS))
                        .setBlacklist(new ClassFilter().addPrefixes(NO_EXCEPTIONS)));
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        TcpIpConfig members = join.getTcpIpConfig().setEnabled(true);
        addresses(settings.members()).forEach(members::addMember);
        // As the cluster manager's own file has them.
        config.addMultiMapConfig(new MultiMapConfig("__vertx.subs")
                .setBackupCount(1)
                .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET));
        config.addMapConfig(new MapConfig("__vertx.haInfo").setBackupCount(1));
        config.addMapConfig(new MapConfig("__vertx.nodeInfo").setBackupCount(1));
        return config;
    }

    /** The one that is listened at: none is for clients, for REST or for memcached. */
    private static ServerSocketEndpointConfig endpoint(Settings.Cluster settings) {
        ServerSocketEndpointConfig members =
                new ServerSocketEndpointConfig().setPort(settings.port()).setPortAutoIncrement(false);
        members.getInterfaces().setEnabled(true).addInterface(settings.ownHost());
        return members;
    }

    private static List<String> addresses(List<String> members) {
        return members.stream()
                .map(member -> member.matches(".*:\\d+") ? member : member + DEFAULT_PORT)
                .toList();
    }
}
