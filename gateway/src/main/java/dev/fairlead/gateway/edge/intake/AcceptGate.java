package dev.fairlead.gateway.edge.intake;

import dev.fairlead.gateway.time.TimeSource;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts connections from the moment they are accepted until they are closed, before a handshake or a request costs
 * anything, and closes those there is no room for.
 */
@ChannelHandler.Sharable
final class AcceptGate extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(AcceptGate.class);

    private static final long PAUSE_MILLIS = 1000;
    private static final Duration SAID_AGAIN_AFTER = Duration.ofMinutes(1);

    private final ConnectionCount count;
    private final boolean behindProxy;
    private final TimeSource time;
    private long lastSaid;
    private boolean said;

    /**
     * For every listener of the process.
     *
     * @param behindProxy connections from this machine come from a proxy and stand for many clients
     */
    AcceptGate(ConnectionCount count, boolean behindProxy, TimeSource time) {
        this.count = count;
        this.behindProxy = behindProxy;
        this.time = time;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        Channel connection = (Channel) accepted;
        String share = AddressShare.of(connection.remoteAddress());
        boolean forMany = behindProxy && (share.startsWith("127.") || share.equals(AddressShare.of("::1")));
        if (!count.enter(share, forMany)) {
            connection.unsafe().closeForcibly();
            say("Connections are refused: there are " + count.open() + ", or one address has its share of them;"
                    + " http.max_connections and http.max_per_address bound them");
            return;
        }
        var unused = connection.closeFuture().addListener(closed -> count.leave(share));
        context.fireChannelRead(accepted);
    }

    /** The system gives no more: it is asked again in a second, and whoever waits to be accepted waits so long. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        say("No connection can be accepted (" + failure.getMessage() + "): if it says too many open files, raise the"
                + " limit (ulimit -n, LimitNOFILE= of the unit) or lower http.max_connections");
        ChannelConfig config = context.channel().config();
        if (config.isAutoRead()) {
            config.setAutoRead(false);
            var unused =
                    context.executor().schedule(() -> config.setAutoRead(true), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** At most a line a minute, however many are refused. */
    private synchronized void say(String what) {
        long now = time.nanos();
        if (!said || now - lastSaid > SAID_AGAIN_AFTER.toNanos()) {
            said = true;
            lastSaid = now;
            log.warn("{}", what);
        }
    }
}
