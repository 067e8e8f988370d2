package dev.fairlead.gateway.streams;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.fairlead.protocol.WebSocketFrames;
import java.util.Arrays;

/**
 * One or more WebSocket text frames as they go over the wire, headers included; made once and shared by every
 * subscriber, so never changed.
 */
public final class EncodedFrames {
    public static final EncodedFrames NONE = new EncodedFrames(new byte[0], 0);

    private final byte[] bytes;
    private final int count;

    /** As they come from another node, too. */
    @JsonCreator
    private EncodedFrames(@JsonProperty("bytes") byte[] bytes, @JsonProperty("count") int count) {
        this.bytes = bytes;
        this.count = count;
    }

    /** One whole frame, header included, that nobody writes to any more. */
    static EncodedFrames one(byte[] frame) {
        return new EncodedFrames(frame, 1);
    }

    /** The shared bytes themselves, not a copy; nobody writes to them. */
    @JsonProperty("bytes")
    public byte[] bytes() {
        return bytes;
    }

    /** How many frames the bytes hold. */
    @JsonProperty("count")
    public int count() {
        return count;
    }

    /** Takes a payload where it stands among others. */
    @FunctionalInterface
    public interface Payload {
        void accept(byte[] bytes, int offset, int length);
    }

    /** Judges a payload where it stands among others. */
    @FunctionalInterface
    public interface Judge {
        boolean test(byte[] bytes, int offset, int length);
    }

    /** Hands over the payload of each frame in turn. */
    public void eachPayload(Payload taker) {
        each((all, offset, length) -> {
            taker.accept(all, offset, length);
            return true;
        });
    }

    /** Whether all payloads are such; looks no further than the first that is not. */
    public boolean each(Judge judge) {
        int at = 0;
        while (at < bytes.length) {
            int length = bytes[at + 1] & 0xFF;
            int wide = length == 126 ? 2 : length == 127 ? 8 : 0;
            if (wide > 0) {
                length = 0;
                for (int i = 0; i < wide; i++) {
                    length = length << 8 | (bytes[at + 2 + i] & 0xFF);
                }
            }
            at += 2 + wide;
            if (!judge.test(bytes, at, length)) {
                return false;
            }
            at += length;
        }
        return true;
    }

    @Override
    public String toString() {
        return count + " frames, " + bytes.length + " bytes";
    }

    /** Collects frames. Not thread-safe. */
    public static final class Builder {
        private byte[] bytes = new byte[512];
        private int length;
        private int count;

        /** Adds one text frame. */
        public Builder add(byte[] json) {
            return append(WebSocketFrames.textFrame(json), 1);
        }

        /** Adds frames that are encoded already. */
        public Builder add(EncodedFrames frames) {
            return append(frames.bytes, frames.count);
        }

        private Builder append(byte[] frames, int how) {
            if (length + frames.length > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + frames.length));
            }
            System.arraycopy(frames, 0, bytes, length, frames.length);
            length += frames.length;
            count += how;
            return this;
        }

        public boolean isEmpty() {
            return count == 0;
        }

        /** How many bytes are collected, headers included. */
        public int length() {
            return length;
        }

        public EncodedFrames build() {
            return count == 0 ? NONE : new EncodedFrames(Arrays.copyOf(bytes, length), count);
        }

        /** Starts anew with the same buffer. */
        public void clear() {
            length = 0;
            count = 0;
        }
    }
}
