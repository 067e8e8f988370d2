package dev.fairlead.gateway.edge.intake;

import dev.fairlead.gateway.time.TimeSource;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * Stands between one HTTP connection and the server. It hands on one request at a time, the next one when the last is
 * answered and its answer taken; what a client sends ahead of that waits here up to a bound, then in the network. It
 * knows whether the connection has been given long enough. On the connection's event loop only.
 */
final class RequestGate extends ChannelDuplexHandler {
    /** With so many unanswered requests no more are read. */
    static final int READ_AHEAD = 16;
    /** With so many, all of which one read may bring, the client is no client. */
    static final int MOST_UNANSWERED = 64;

    private static final int READ_AHEAD_BYTES = 64 * 1024;
    private static final int HEAD_BYTES = 256; // what a head takes, roughly
    /** A body up to here is read to its end after a refusal, so that the connection can be used again. */
    private static final long SMALL_BODY = 64 * 1024;
    /** How long what is still sent after a last answer is read, so that no reset overtakes that answer. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private static final Duration BODY = Duration.ofSeconds(60);
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(60);
    /** A client that takes nothing for so long, while something waits for it, is gone. */
    private static final Duration STALL = Duration.ofSeconds(10);

    private final TimeSource time;
    private final ByteBudget unreadInAll;
    private final String share;
    private final Runnable onCrowded;
    private final Deque<HttpObject> ahead = new ArrayDeque<>();
    private ChannelHandlerContext context; // null until it is in a pipeline
    private int unanswered;
    private long aheadBytes;
    private boolean inHand;
    private boolean bodyOpen;
    private boolean bodySmall;
    private boolean readHeld;
    private boolean endsAfterAnswer;
    private boolean informational;
    private boolean discarding;
    private boolean released;
    private long offered; // bytes handed to the network's buffer since the connection opened
    private long unread;
    private long seenTaken;
    private long movedAt;
    private long deadline;
    private boolean timed = true;

    /**
     * For a new connection.
     *
     * @param handshake how long its first head may take
     * @param onCrowded called where unread answers are more than there is room for
     */
    RequestGate(TimeSource time, Duration handshake, ByteBudget unreadInAll, String share, Runnable onCrowded) {
        this.time = time;
        this.unreadInAll = unreadInAll;
        this.share = share;
        this.onCrowded = onCrowded;
        this.deadline = time.nanos() + handshake.toNanos();
    }

    String share() {
        return share;
    }

    /** Bytes of answers that the client has not taken. */
    long unread() {
        reckon();
        return unread;
    }

    /** When the client last took something, or something began to wait for it. */
    long movedAt() {
        return movedAt;
    }

    /** Whether the client has had its time: for its head, for its body, or for taking what waits for it. */
    boolean isOverdue(long now) {
        reckon();
        if (unread > 0) {
            long taken = taken();
            if (taken != seenTaken) {
                seenTaken = taken;
                movedAt = now;
            }
            return now - movedAt > STALL.toNanos();
        }
        return timed && now - deadline > 0;
    }

    /** Ends the connection, whatever still waits for its client. */
    void cut() {
        discarding = true;
        if (context != null) {
            var unused = context.close();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (discarding || !(message instanceof HttpObject part)) {
            if (discarding) {
                discard(message);
            } else {
                ctx.fireChannelRead(message);
            }
            return;
        }
        if (part instanceof HttpRequest && ++unanswered > MOST_UNANSWERED) {
            ReferenceCountUtil.release(part);
            cut();
        } else if (ahead.isEmpty() && mayPass(part)) {
            pass(part);
        } else {
            ahead.add(part);
            aheadBytes += size(part);
        }
    }

    @Override
    public void read(ChannelHandlerContext ctx) {
        if (mayRead()) {
            ctx.read();
        } else {
            readHeld = true;
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        reckon();
        if (ctx.channel().isWritable()) {
            release();
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        dropAhead();
        reckon(0);
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        released = true;
        reckon(0);
        while (!ahead.isEmpty()) {
            ctx.fireChannelRead(ahead.poll());
        }
        if (readHeld) {
            ctx.read();
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse response) {
            begins(response);
        }
        boolean ends = message instanceof LastHttpContent && !informational;
        boolean last = ends && endsAfterAnswer;
        ChannelPromise told = last ? promise.unvoid() : promise;
        long before = pending();
        ChannelFuture unused = ctx.write(message, told);
        offered += pending() - before;
        if (last) {
            ChannelFuture unusedToo = told.addListener(done -> linger());
        }
        if (ends) {
            answered(ctx);
        }
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        long before = pending();
        ctx.flush();
        offered += Math.max(0, pending() - before); // encryption hands over here what it was given before
        if (!released) { // a flush with the answer that ends HTTP comes after the gate has gone
            reckon();
        }
    }

    private void begins(HttpResponse response) {
        informational = response.status().codeClass() == HttpStatusClass.INFORMATIONAL
                && response.status().code() != HttpResponseStatus.SWITCHING_PROTOCOLS.code();
        if (informational) {
            return;
        }
        if (response.status().code() == HttpResponseStatus.SWITCHING_PROTOCOLS.code()) {
            released = true;
        } else if (bodyOpen && !bodySmall) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        endsAfterAnswer =
                !released && response.headers().containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true);
    }

    private void answered(ChannelHandlerContext ctx) {
        if (released) {
            ctx.pipeline().remove(this); // another protocol from here on
            return;
        }
        unanswered = Math.max(0, unanswered - 1);
        inHand = false;
        if (!bodyOpen) {
            wait(KEEP_ALIVE);
        }
        if (!ahead.isEmpty() || readHeld) {
            ctx.executor().execute(this::release); // the server is still at the last one
        }
    }

    private boolean mayPass(HttpObject part) {
        return part instanceof HttpRequest
                ? !inHand && !bodyOpen && context.channel().isWritable()
                : true;
    }

    private void pass(HttpObject part) {
        if (part instanceof HttpRequest request) {
            inHand = true;
            bodyOpen = true;
            bodySmall = isSmall(request);
            wait(BODY);
        }
        if (part instanceof LastHttpContent) {
            bodyOpen = false;
            timed = false; // whatever is done with it may take its time
            if (!inHand) {
                wait(KEEP_ALIVE);
            }
        }
        context.fireChannelRead(part);
    }

    /** Hands on what may go now, and reads on where there is room again. */
    private void release() {
        if (released || discarding || !context.channel().isActive()) {
            return;
        }
        boolean passed = false;
        while (!ahead.isEmpty() && mayPass(ahead.peek())) {
            HttpObject next = ahead.poll();
            aheadBytes -= size(next);
            pass(next);
            passed = true;
        }
        if (passed) {
            context.fireChannelReadComplete();
        }
        if (readHeld && mayRead()) {
            readHeld = false;
            context.read();
        }
    }

    private boolean mayRead() {
        return discarding
                || released
                || (unanswered < READ_AHEAD
                        && aheadBytes < READ_AHEAD_BYTES
                        && context.channel().isWritable());
    }

    private void wait(Duration atMost) {
        timed = true;
        deadline = time.nanos() + atMost.toNanos();
    }

    private void reckon() {
        reckon(pending());
    }

    /**
     * Asks the network's buffer what is left, rather than hear of each write: most answers are gone with the flush, and
     * cost nothing here.
     */
    private void reckon(long left) {
        long more = left - unread;
        if (more == 0 || context == null) {
            return;
        }
        if (unread == 0) {
            movedAt = time.nanos();
            seenTaken = taken();
        }
        unread = left;
        if (more < 0) {
            unreadInAll.give(share, -more);
            return;
        }
        unreadInAll.take(share, more);
        if (unreadInAll.isOver(share)) {
            context.executor().execute(onCrowded);
        }
    }

    private long pending() {
        ChannelOutboundBuffer out = context.channel().unsafe().outboundBuffer();
        return out == null ? 0 : out.totalPendingWriteBytes();
    }

    private long taken() {
        ChannelOutboundBuffer out = context.channel().unsafe().outboundBuffer();
        return out == null ? offered : offered - out.totalPendingWriteBytes() + out.currentProgress();
    }

    /** The last answer has left: the connection ends, but not over the head of a client that still sends. */
    private void linger() {
        dropAhead();
        if (!bodyOpen || !context.channel().isActive()) {
            cut();
            return;
        }
        discarding = true;
        if (readHeld) {
            readHeld = false;
            context.read();
        }
        var unused = context.executor().schedule(this::cut, LINGER.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void discard(Object message) {
        boolean last = message instanceof LastHttpContent;
        ReferenceCountUtil.release(message);
        if (last) {
            cut();
        }
    }

    private void dropAhead() {
        ahead.forEach(ReferenceCountUtil::release);
        ahead.clear();
        aheadBytes = 0;
    }

    private static boolean isSmall(HttpRequest request) {
        return !HttpUtil.isTransferEncodingChunked(request)
                && !HttpUtil.is100ContinueExpected(request)
                && contentLength(request) <= SMALL_BODY;
    }

    private static long contentLength(HttpRequest request) {
        try {
            return HttpUtil.getContentLength(request, 0L);
        } catch (NumberFormatException malformed) {
            return Long.MAX_VALUE;
        }
    }

    private static long size(HttpObject part) {
        long head = part instanceof HttpRequest ? HEAD_BYTES : 0;
        return part instanceof HttpContent content ? head + content.content().readableBytes() : head;
    }
}
