package dev.fairlead.gateway.edge.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.time.ManualTime;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RequestGateTest {
    private static final Duration HANDSHAKE = Duration.ofSeconds(5);

    private final ManualTime time = new ManualTime();
    private final ByteBudget unread = new ByteBudget(1 << 20, 1 << 20);
    private final RequestGate gate = new RequestGate(time, HANDSHAKE, unread, "192.0.2.1", () -> {});
    private final List<String> handedOn = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel(new HttpServerCodec(), gate, new Server());

    /** Notes what it is given, and answers when told. */
    private final class Server extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest request) {
                handedOn.add(request.uri());
            }
            ReferenceCountUtil.release(message);
        }
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void a_request_is_handed_on_when_the_one_before_is_answered() {
        send(3);
        assertThat(handedOn).containsExactly("/0");

        answer(200);
        assertThat(handedOn).containsExactly("/0", "/1");
        answer(200);
        answer(200);
        assertThat(handedOn).containsExactly("/0", "/1", "/2");
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void a_connection_with_64_unanswered_requests_goes_on_and_with_65_ends() {
        send(64);
        assertThat(channel.isOpen()).isTrue();
        send(1);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void nothing_is_read_while_16_requests_wait() {
        send(15);
        assertThat(reads()).isTrue();
        send(1);
        assertThat(reads()).isFalse();
        answer(200);
        assertThat(reads()).isTrue();
    }

    @Test
    void an_answer_that_says_close_ends_the_connection() {
        send(1);
        DefaultFullHttpResponse last = response(401);
        last.headers().set("Connection", "close");
        channel.writeOutbound(last);
        channel.runPendingTasks();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void a_refusal_of_an_upload_says_close_and_drops_what_is_still_sent() {
        channel.writeInbound(
                bytes("POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + "x".repeat(1000)));
        channel.writeOutbound(response(401));
        assertThat(sent()).containsIgnoringCase("connection: close");
        assertThat(channel.isOpen()).isTrue();

        channel.writeInbound(bytes("x".repeat(999_000)));
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void a_head_has_its_time_and_a_slow_handler_has_all() {
        time.advance(HANDSHAKE.plusSeconds(1));
        assertThat(gate.isOverdue(time.nanos())).isTrue();

        send(1);
        time.advance(Duration.ofHours(1));
        assertThat(gate.isOverdue(time.nanos())).isFalse();
    }

    @Test
    void a_body_that_trickles_is_overdue() {
        channel.writeInbound(bytes("POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nx"));
        time.advance(Duration.ofSeconds(61));
        assertThat(gate.isOverdue(time.nanos())).isTrue();
    }

    @Test
    void what_a_client_leaves_unread_counts_until_it_is_taken() {
        RequestGate its = new RequestGate(time, HANDSHAKE, unread, "192.0.2.1", () -> {});
        EmbeddedChannel stalled = stalled(its);
        get(stalled, "");
        stalled.writeOutbound(response(200));
        assertThat(its.unread()).isPositive();
        assertThat(unread.held()).isEqualTo(its.unread());
        time.advance(Duration.ofSeconds(9));
        assertThat(its.isOverdue(time.nanos())).isFalse();
        time.advance(Duration.ofSeconds(2));
        assertThat(its.isOverdue(time.nanos())).isTrue();
        stalled.close().syncUninterruptibly();
        assertThat(unread.held()).isZero();
    }

    @Test
    void what_was_unread_at_an_upgrade_is_not_held_for_ever() {
        EmbeddedChannel stalled = stalled(new RequestGate(time, HANDSHAKE, unread, "192.0.2.1", () -> {}));
        get(stalled, "");
        stalled.writeOutbound(response(200));
        get(stalled, "Connection: Upgrade\r\nUpgrade: websocket\r\n");
        // At once, as the server does: the gate goes with the first half of it.
        ChannelFuture unused = stalled.pipeline().lastContext().writeAndFlush(response(101));
        assertThat(stalled.pipeline().get(RequestGate.class)).isNull();
        assertThat(unread.held()).isZero();
    }

    /** A connection whose client takes nothing. */
    private EmbeddedChannel stalled(RequestGate its) {
        EmbeddedChannel stalled = new EmbeddedChannel() {
            @Override
            protected void doWrite(ChannelOutboundBuffer out) {}
        };
        stalled.pipeline().addLast(new HttpServerCodec(), its, new Server());
        return stalled;
    }

    private static void get(EmbeddedChannel from, String headers) {
        from.writeInbound(bytes("GET / HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n"));
        from.runPendingTasks();
    }

    @Test
    void all_that_is_held_is_given_back() {
        send(1);
        answer(200);
        assertThat(unread.held()).isZero();
    }

    private void send(int requests) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < requests; i++) {
            all.append("GET /").append(i).append(" HTTP/1.1\r\nHost: a\r\n\r\n");
        }
        channel.writeInbound(bytes(all.toString()));
    }

    private void answer(int status) {
        channel.writeOutbound(response(status));
        channel.runPendingTasks();
    }

    private boolean reads() {
        boolean[] read = {false};
        channel.pipeline().addFirst("seen", new ChannelOutboundHandlerAdapter() {
            @Override
            public void read(ChannelHandlerContext context) {
                read[0] = true;
                context.read();
            }
        });
        channel.pipeline().read();
        channel.pipeline().remove("seen");
        return read[0];
    }

    private String sent() {
        StringBuilder all = new StringBuilder();
        for (Object part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            all.append(((ByteBuf) part).toString(StandardCharsets.ISO_8859_1));
            ReferenceCountUtil.release(part);
        }
        return all.toString();
    }

    private static DefaultFullHttpResponse response(int status) {
        DefaultFullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
        response.headers().set("Content-Length", 0);
        return response;
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }
}
