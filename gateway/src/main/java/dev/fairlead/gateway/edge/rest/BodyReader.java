package dev.fairlead.gateway.edge.rest;

import dev.fairlead.gateway.edge.intake.AddressShare;
import dev.fairlead.gateway.edge.intake.ByteBudget;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;

/**
 * Reads bodies of requests that were let in, each up to its bound, all together up to what the gateway has for them.
 * Until then nothing of a body is read.
 */
final class BodyReader {
    /** Of a call that needs no credential; a password is shorter. */
    private static final long MOST_OF_STRANGERS = 4096;

    private final long most;
    private final ByteBudget budget;

    /**
     * With bounds.
     *
     * @param most bytes of a body ({@code http.max_body})
     * @param budget of all bodies in progress ({@code http.max_bodies})
     */
    BodyReader(long most, ByteBudget budget) {
        this.most = most;
        this.budget = budget;
    }

    /** A body that was read; it counts until it is released. */
    interface Body {
        Buffer bytes();

        void release();
    }

    /** Whether a request has a body: over HTTP/1 its head tells, and no other version is spoken here. */
    static boolean isExpected(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return (length != null && !length.equals("0")) || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
    }

    /**
     * Reads the body of a request that is paused.
     *
     * @param address the client's, of whose share it is
     * @param stranger whether the call needs no credential
     * @return fails with {@code payload_too_large}, {@code too_many_requests}, or as the connection did
     */
    Future<Body> read(HttpServerRequest request, String address, boolean stranger) {
        long bound = stranger ? Math.min(most, MOST_OF_STRANGERS) : most;
        Reading reading = new Reading(AddressShare.of(address), bound, stranger);
        if (declared(request) > bound) {
            return Future.failedFuture(reading.tooLarge());
        }
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            Future<Void> unused = request.response().writeContinue();
        }
        request.handler(reading::heard);
        request.endHandler(ended -> reading.ended());
        request.exceptionHandler(reading::failed);
        request.resume();
        return reading.whole.future();
    }

    private static long declared(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? 0 : Long.parseLong(length); // the decoder refuses what is no number
    }

    private final class Reading implements Body {
        private final String share;
        private final long bound;
        private final boolean stranger;
        private final Promise<Body> whole = Promise.promise();
        private final Buffer bytes = Buffer.buffer();
        private long taken;

        Reading(String share, long bound, boolean stranger) {
            this.share = share;
            this.bound = bound;
            this.stranger = stranger;
        }

        @Override
        public Buffer bytes() {
            return bytes;
        }

        @Override
        public void release() {
            budget.give(share, taken);
            taken = 0;
        }

        private void heard(Buffer part) {
            if (whole.future().isComplete()) {
                return;
            }
            if (bytes.length() + part.length() > bound) {
                failed(tooLarge());
            } else if (!budget.tryTake(share, part.length())) {
                failed(new FairleadException(
                        ErrorCode.TOO_MANY_REQUESTS,
                        "Too many bytes of requests are on their way to this gateway; http.max_bodies bounds them",
                        Duration.ofSeconds(1)));
            } else {
                taken += part.length();
                bytes.appendBuffer(part);
            }
        }

        private void ended() {
            whole.tryComplete(this);
        }

        private void failed(Throwable why) {
            if (whole.tryFail(why instanceof FairleadException ? why : new HttpClosedException(why.getMessage()))) {
                release();
            }
        }

        private FairleadException tooLarge() {
            return new FairleadException(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "The body is too large; "
                            + (stranger
                                    ? "this call takes " + bound + " bytes"
                                    : "http.max_body bounds it to " + bound + " bytes"));
        }
    }
}
