package dev.fairlead.gateway.bench;

import java.nio.charset.StandardCharsets;

/** Frames as a client sends them: masked, unfragmented (RFC 6455, 5.2). */
final class MaskedFrames {
    private static final byte[] MASK = {0x1f, 0x5a, (byte) 0x93, (byte) 0xc6};
    private static final int FIN_TEXT = 0x81;
    private static final int FIN_PONG = 0x8a;

    private MaskedFrames() {}

    static byte[] text(String payload) {
        byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        return text(bytes, bytes.length);
    }

    static byte[] text(byte[] payload, int length) {
        return frame(FIN_TEXT, payload, length);
    }

    static byte[] pong() {
        return frame(FIN_PONG, new byte[0], 0);
    }

    private static byte[] frame(int first, byte[] payload, int length) {
        if (length > 0xFFFF) {
            throw new IllegalArgumentException("A frame of the load holds at most 65535 bytes");
        }
        int header = length < 126 ? 2 : 4;
        byte[] frame = new byte[header + MASK.length + length];
        frame[0] = (byte) first;
        if (length < 126) {
            frame[1] = (byte) (0x80 | length);
        } else {
            frame[1] = (byte) (0x80 | 126);
            frame[2] = (byte) (length >>> 8);
            frame[3] = (byte) length;
        }
        System.arraycopy(MASK, 0, frame, header, MASK.length);
        int at = header + MASK.length;
        for (int i = 0; i < length; i++) {
            frame[at + i] = (byte) (payload[i] ^ MASK[i & 3]);
        }
        return frame;
    }
}
