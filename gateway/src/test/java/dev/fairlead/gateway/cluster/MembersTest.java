package dev.fairlead.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.config.Config;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.internal.serialization.InternalSerializationService;
import com.hazelcast.internal.serialization.impl.DefaultSerializationServiceBuilder;
import com.hazelcast.spi.exception.CallerNotMemberException;
import com.hazelcast.spi.exception.TargetNotMemberException;
import dev.fairlead.gateway.settings.Settings;
import java.io.IOException;
import java.io.Serializable;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class MembersTest {
    @Test
    void members_are_those_of_the_settings_and_nobody_else() {
        var join = config("cluster.members=10.0.0.1:5702,fleet.example")
                .getAdvancedNetworkConfig()
                .getJoin();

        assertThat(join.getTcpIpConfig().isEnabled()).isTrue();
        assertThat(join.getTcpIpConfig().getMembers()).isEqualTo(List.of("10.0.0.1:5702", "fleet.example:5701"));
        assertThat(join.getMulticastConfig().isEnabled()).isFalse();
        assertThat(join.isAutoDetectionEnabled()).isFalse();
    }

    @Test
    void a_node_has_the_port_and_the_address_that_it_was_given() {
        var network = endpoint("cluster.host=10.0.0.7", "cluster.port=7000");

        assertThat(network.getPort()).isEqualTo(7000);
        assertThat(network.isPortAutoIncrement()).isFalse();
        assertThat(network.getInterfaces().isEnabled()).isTrue();
        assertThat(network.getInterfaces().getInterfaces()).containsExactly("10.0.0.7");
    }

    @Test
    void without_an_address_only_this_machine_reaches_it() {
        assertThat(endpoint().getInterfaces().getInterfaces()).containsExactly("127.0.0.1");
    }

    @Test
    void nobody_is_told_that_it_runs() {
        assertThat(config().getProperty("hazelcast.phone.home.enabled")).isEqualTo("false");
    }

    @Test
    void fleets_are_told_apart_by_name() {
        assertThat(config().getClusterName()).isEqualTo("fleet-1");
    }

    @Test
    void the_port_is_for_members_alone() {
        assertThat(config().getAdvancedNetworkConfig().isEnabled()).isTrue();
        assertThat(config().getAdvancedNetworkConfig().getEndpointConfigs()).containsOnlyKeys(EndpointQualifier.MEMBER);
    }

    @Test
    void members_tell_each_other_why_something_failed_and_nothing_else_of_java_is_read() {
        InternalSerializationService wire = new DefaultSerializationServiceBuilder()
                .setConfig(config().getSerializationConfig())
                .build();
        Exception asked = new IllegalStateException("asked", new SocketException("cut"));
        asked.addSuppressed(new IOException("closed"));
        for (Exception failure : List.of(
                asked,
                new CallerNotMemberException("left"),
                new TargetNotMemberException("gone"),
                new HazelcastInstanceNotActiveException("ended"),
                new ExecutionException(new TimeoutException("late")))) {
            Exception told = wire.toObject(wire.toData(failure));
            assertThat(told).hasSameClassAs(failure).hasMessage(failure.getMessage());
        }
        assertThatThrownBy(() -> wire.toObject(wire.toData(new Stranger())))
                .hasRootCauseInstanceOf(SecurityException.class);
        assertThatThrownBy(() -> wire.toObject(wire.toData((Callable<String> & Serializable) () -> "called")))
                .hasRootCauseInstanceOf(SecurityException.class);
    }

    /** Of no package that is read. */
    private record Stranger() implements Serializable {}

    private static ServerSocketEndpointConfig endpoint(String... assignments) {
        return (ServerSocketEndpointConfig) config(assignments)
                .getAdvancedNetworkConfig()
                .getEndpointConfigs()
                .get(EndpointQualifier.MEMBER);
    }

    private static Config config(String... assignments) {
        return Members.config(Settings.of(assignments).cluster(), "fleet-1");
    }
}
