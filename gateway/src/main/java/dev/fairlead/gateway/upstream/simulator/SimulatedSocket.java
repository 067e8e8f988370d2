package dev.fairlead.gateway.upstream.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import io.netty.channel.ChannelFuture;
import io.vertx.core.Future;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.http.WebSocketInternal;
import java.util.Optional;

/** One socket of a client; after its end nothing is sent and nothing fails. */
final class SimulatedSocket {
    private static final short PROTOCOL_ERROR = 1008;
    private static final short GOING_AWAY = 1001;
    private static final short TOO_BIG = 1009;

    private final ServerWebSocket socket;
    private final Faults faults;
    private final Counters counters;

    SimulatedSocket(ServerWebSocket socket, Faults faults, Counters counters) {
        this.socket = socket;
        this.faults = faults;
        this.counters = counters;
    }

    void send(ObjectNode frame) {
        if (!socket.isClosed() && !faults.isOn(Fault.HALF_OPEN) && !socket.writeQueueFull()) {
            Future<Void> unused = socket.writeTextMessage(FrameCodec.text(frame));
        }
    }

    /** The frame as an object; anything else ends the socket. Nothing is heard on a half-open socket. */
    Optional<JsonNode> read(String text) {
        if (faults.isOn(Fault.HALF_OPEN)) {
            return Optional.empty();
        }
        try {
            JsonNode frame = FrameCodec.tree(text);
            if (frame.isObject()) {
                return Optional.of(frame);
            }
        } catch (FairleadException e) {
            // refused below, like JSON that is no object
        }
        violated("frame_not_json", "a frame is a JSON object");
        return Optional.empty();
    }

    /** Ends the socket of a client that does what it must not. */
    void violated(String what, String why) {
        counters.count("violation." + what);
        end(PROTOCOL_ERROR, why);
    }

    /** Ends the socket of a client whose message is too long. */
    void tooLong(String what) {
        counters.count("violation." + what);
        end(TOO_BIG, "message too long");
    }

    /** Ends the connection without a close frame. */
    void cut() {
        if (socket instanceof WebSocketInternal internal) {
            ChannelFuture unused = internal.channelHandlerContext().close();
        } else {
            goAway();
        }
    }

    /** Ends the socket as a server that shuts down. */
    void goAway() {
        end(GOING_AWAY, "");
    }

    void end(short code, String why) {
        if (!socket.isClosed()) {
            Future<Void> unused = socket.close(code, why);
        }
    }
}
