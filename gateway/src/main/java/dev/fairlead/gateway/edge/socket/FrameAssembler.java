package dev.fairlead.gateway.edge.socket;

import dev.fairlead.protocol.CloseCode;
import dev.fairlead.protocol.Utf8;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketFrame;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Puts fragments together to text messages, and says how to close on what the wire does not allow. Plain state. */
final class FrameAssembler {
    private final int maxMessageBytes;
    private final Consumer<byte[]> onText;
    private final BiConsumer<CloseCode, String> onViolation;
    private Buffer fragments; // null: no fragmented message is open

    FrameAssembler(int maxMessageBytes, Consumer<byte[]> onText, BiConsumer<CloseCode, String> onViolation) {
        this.maxMessageBytes = maxMessageBytes;
        this.onText = onText;
        this.onViolation = onViolation;
    }

    void accept(WebSocketFrame frame) {
        if (frame.isBinary()) {
            onViolation.accept(CloseCode.INVALID_FRAME, "binary frames are not used here; send JSON text");
            return;
        }
        if (frame.isText() && frame.isFinal()) {
            message(frame.binaryData());
        } else if (frame.isText() || (frame.isContinuation() && fragments != null)) {
            collect(frame);
        }
    }

    private void collect(WebSocketFrame frame) {
        Buffer part = frame.binaryData();
        if (fragments == null) {
            fragments = Buffer.buffer();
        }
        if (fragments.length() + part.length() > maxMessageBytes) {
            fragments = null;
            onViolation.accept(
                    CloseCode.TOO_BIG, "a message is at most " + maxMessageBytes + " bytes; ws.max_message bounds it");
            return;
        }
        fragments.appendBuffer(part);
        if (frame.isFinal()) {
            Buffer whole = fragments;
            fragments = null;
            message(whole);
        }
    }

    private void message(Buffer message) {
        byte[] bytes = message.getBytes();
        if (bytes.length > maxMessageBytes) {
            onViolation.accept(
                    CloseCode.TOO_BIG, "a message is at most " + maxMessageBytes + " bytes; ws.max_message bounds it");
        } else if (Utf8.isValid(bytes, 0, bytes.length)) {
            onText.accept(bytes);
        } else {
            onViolation.accept(CloseCode.NOT_UTF8, "the message is not UTF-8");
        }
    }
}
