package dev.fairlead.gateway.edge.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.internal.http.WebSocketInternal;

/**
 * Writes frames that are encoded already, header included, past the encoder of the WebSocket: the one place that leans
 * on internals of Vert.x (pinned in the parent pom). Where they are missing it unpacks the frames and writes them
 * through the public API, slower and alike. Used on the socket's event loop only.
 */
final class RawSocket {
    private final ServerWebSocket socket;
    private final ChannelHandlerContext channel; // null: only the public API is there

    /** What a socket tells besides its frames. */
    interface Listener {
        void writable();

        /**
         * A ping, a pong or a part of a message came, which costs as much to read as a message and says less; where
         * that is false it is not heard.
         */
        boolean admitsPiece();

        /** The peer broke RFC 6455: the connection is to be closed with that code. */
        void violation(int closeCode, String reason);
    }

    RawSocket(ServerWebSocket socket, Listener listener) {
        this.socket = socket;
        this.channel = socket instanceof WebSocketInternal internal ? internal.channelHandlerContext() : null;
        if (channel != null) {
            channel.pipeline().addBefore(channel.name(), "fairlead-watch", new Watch(listener));
            takeTurns(channel.channel());
        } else {
            socket.drainHandler(ignored -> listener.writable());
        }
    }

    /** One buffer of a socket, then the next socket: who sends much does not keep others waiting. */
    private static void takeTurns(Channel channel) {
        RecvByteBufAllocator buffers = channel.config().getRecvByteBufAllocator();
        if (buffers instanceof MaxMessagesRecvByteBufAllocator turns) {
            turns.maxMessagesPerRead(1);
        }
    }

    ByteBufAllocator allocator() {
        return channel != null ? channel.alloc() : ByteBufAllocator.DEFAULT;
    }

    /** Whether the network takes more; false once closed. */
    boolean writable() {
        if (channel != null) {
            return channel.channel().isWritable() && !socket.isClosed();
        }
        return !socket.isClosed() && !socket.writeQueueFull();
    }

    /** Hands over whole frames without sending them yet; takes over the reference. */
    void write(ByteBuf frames) {
        if (socket.isClosed()) {
            frames.release();
        } else if (channel != null) {
            ChannelFuture unused = channel.write(frames, channel.voidPromise());
        } else {
            writeUnpacked(frames);
        }
    }

    void flush() {
        if (channel != null) {
            channel.flush();
        }
    }

    /** Ends the connection without a closing handshake, for a peer that no longer reads. */
    void abort() {
        if (channel != null) {
            ChannelFuture unused = channel.close();
        }
    }

    private void writeUnpacked(ByteBuf frames) {
        try {
            while (frames.isReadable()) {
                frames.skipBytes(1);
                int length = frames.readUnsignedByte();
                if (length == 126) {
                    length = frames.readUnsignedShort();
                } else if (length == 127) {
                    length = Math.toIntExact(frames.readLong());
                }
                ByteBuf payload = Unpooled.buffer(length).writeBytes(frames, length);
                socket.writeFrame(
                        WebSocketFrame.textFrame(BufferInternal.buffer(payload).toString(), true));
            }
        } finally {
            frames.release();
        }
    }

    /**
     * Tells when the channel's buffer has drained, which Vert.x only tells about its own queue, and what the frame
     * decoder refuses, which Vert.x would answer by ending the connection without the code RFC 6455 (7.4) asks for.
     */
    private static final class Watch extends ChannelInboundHandlerAdapter {
        private static final int MAX_CLOSE_CODE = 4999; // RFC 6455 7.4.2; the decoder knows the lower bounds only

        private final Listener listener;

        Watch(Listener listener) {
            this.listener = listener;
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            if (context.channel().isWritable()) {
                listener.writable();
            }
            context.fireChannelWritabilityChanged();
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof CloseWebSocketFrame close && close.statusCode() > MAX_CLOSE_CODE) {
                close.release();
                listener.violation(WebSocketCloseStatus.PROTOCOL_ERROR.code(), "Invalid close frame code");
            } else if (isPiece(message) && !listener.admitsPiece()) {
                ReferenceCountUtil.release(message);
            } else {
                context.fireChannelRead(message);
            }
        }

        private static boolean isPiece(Object message) {
            return message instanceof io.netty.handler.codec.http.websocketx.WebSocketFrame frame
                    && !(frame instanceof CloseWebSocketFrame)
                    && (!frame.isFinalFragment()
                            || frame instanceof ContinuationWebSocketFrame
                            || frame instanceof PingWebSocketFrame
                            || frame instanceof PongWebSocketFrame);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            if (failure instanceof CorruptedWebSocketFrameException violation) {
                listener.violation(
                        violation.closeStatus().code(), violation.closeStatus().reasonText());
            } else {
                context.fireExceptionCaught(failure);
            }
        }
    }
}
