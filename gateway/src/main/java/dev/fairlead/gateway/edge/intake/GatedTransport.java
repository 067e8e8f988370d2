package dev.fairlead.gateway.edge.intake;

import dev.fairlead.gateway.time.TimeSource;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.VertxOptions;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.transport.Transport;
import java.util.concurrent.ThreadFactory;

/**
 * The network as it is, with a {@link ConnectionCount} at the door of whatever listens. It is the one place where
 * Vert.x lets a connection be seen before its TLS handshake.
 */
public final class GatedTransport implements Transport {
    private final Transport network;
    private final AcceptGate gate;

    /**
     * Around the transport that {@code options} ask for.
     *
     * @param behindProxy connections from this machine come from a proxy and stand for many clients
     */
    public GatedTransport(VertxOptions options, ConnectionCount count, boolean behindProxy, TimeSource time) {
        Transport wanted = options.getPreferNativeTransport() ? Transport.nativeTransport() : Transport.NIO;
        this.network = wanted == null || !wanted.available() ? Transport.NIO : wanted;
        this.gate = new AcceptGate(count, behindProxy, time);
    }

    @Override
    public String name() {
        return network.name();
    }

    @Override
    public boolean available() {
        return network.available();
    }

    @Override
    public Throwable unavailabilityCause() {
        return network.unavailabilityCause();
    }

    @Override
    public io.vertx.core.spi.transport.Transport implementation() {
        return new Gated(network.implementation(), gate);
    }

    /** All of another, save that what listens has a gate. */
    private record Gated(io.vertx.core.spi.transport.Transport inner, AcceptGate gate)
            implements io.vertx.core.spi.transport.Transport {
        @Override
        public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap listener) {
            inner.configure(options, domainSocket, listener);
            listener.handler(gate);
        }

        @Override
        public boolean supportsDomainSockets() {
            return inner.supportsDomainSockets();
        }

        @Override
        public boolean supportFileRegion() {
            return inner.supportFileRegion();
        }

        @Override
        public boolean isAvailable() {
            return inner.isAvailable();
        }

        @Override
        public Throwable unavailabilityCause() {
            return inner.unavailabilityCause();
        }

        @Override
        public java.net.SocketAddress convert(SocketAddress address) {
            return inner.convert(address);
        }

        @Override
        public SocketAddress convert(java.net.SocketAddress address) {
            return inner.convert(address);
        }

        @Override
        public IoHandlerFactory ioHandlerFactory() {
            return inner.ioHandlerFactory();
        }

        @Override
        public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory factory, int ioRatio) {
            return inner.eventLoopGroup(type, threads, factory, ioRatio);
        }

        @Override
        public DatagramChannel datagramChannel() {
            return inner.datagramChannel();
        }

        @Override
        @SuppressWarnings("deprecation") // as the interface has it
        public DatagramChannel datagramChannel(InternetProtocolFamily family) {
            return inner.datagramChannel(family);
        }

        @Override
        public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
            return inner.channelFactory(domainSocket);
        }

        @Override
        public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
            return inner.serverChannelFactory(domainSocket);
        }

        @Override
        public void configure(DatagramChannel channel, DatagramSocketOptions options) {
            inner.configure(channel, options);
        }

        @Override
        public void configure(
                ClientOptionsBase options, int connectTimeout, boolean domainSocket, Bootstrap bootstrap) {
            inner.configure(options, connectTimeout, domainSocket, bootstrap);
        }
    }
}
