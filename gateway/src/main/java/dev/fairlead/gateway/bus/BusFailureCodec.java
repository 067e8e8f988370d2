package dev.fairlead.gateway.bus;

import dev.fairlead.protocol.ErrorCode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.nio.charset.StandardCharsets;

/** Wire form between nodes: retry-after (8 bytes, milliseconds, -1 for none), code (2 + n), message (4 + n). */
final class BusFailureCodec implements MessageCodec<BusFailure, BusFailure> {
    @Override
    public void encodeToWire(Buffer buffer, BusFailure failure) {
        byte[] code = failure.code().wire().getBytes(StandardCharsets.UTF_8);
        byte[] message = String.valueOf(failure.getMessage()).getBytes(StandardCharsets.UTF_8);
        buffer.appendLong(failure.retryAfterMillis())
                .appendUnsignedShort(code.length)
                .appendBytes(code)
                .appendInt(message.length)
                .appendBytes(message);
    }

    @Override
    public BusFailure decodeFromWire(int pos, Buffer buffer) {
        int at = pos;
        final long retryAfter = buffer.getLong(at);
        at += Long.BYTES;
        int codeLength = buffer.getUnsignedShort(at);
        at += Short.BYTES;
        String code = buffer.getString(at, at + codeLength);
        at += codeLength;
        int messageLength = buffer.getInt(at);
        at += Integer.BYTES;
        String message = buffer.getString(at, at + messageLength);
        // A node of a newer version may know codes this one does not.
        return new BusFailure(ErrorCode.of(code).orElse(ErrorCode.INTERNAL), message, retryAfter);
    }

    @Override
    public BusFailure transform(BusFailure failure) {
        return failure;
    }

    @Override
    public String name() {
        return "fairlead.failure";
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
