package dev.fairlead.protocol;

/**
 * The bytes of a server's text frame: header and payload, unmasked, unfragmented (RFC 6455, 5.2). A stream encodes a
 * frame this way once and hands the same bytes to every socket.
 */
public final class WebSocketFrames {
    private static final byte FIN_TEXT = (byte) 0x81;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;

    private static final byte[] NOTHING = {};

    private WebSocketFrames() {}

    /** A new array of header and payload; the payload must be UTF-8, which is not checked. */
    public static byte[] textFrame(byte[] payload) {
        return textFrame(payload, payload.length, NOTHING, NOTHING);
    }

    /**
     * A new array of a header and a payload in three parts, the first of which is the beginning of an array.
     *
     * @param length of the first part
     */
    public static byte[] textFrame(byte[] first, int length, byte[] second, byte[] third) {
        int whole = length + second.length + third.length;
        byte[] frame = new byte[headerLength(whole) + whole];
        int at = writeHeader(frame, whole);
        System.arraycopy(first, 0, frame, at, length);
        System.arraycopy(second, 0, frame, at + length, second.length);
        System.arraycopy(third, 0, frame, at + length + second.length, third.length);
        return frame;
    }

    /** How many bytes stand before a payload of this many bytes: 2, 4 or 10. */
    public static int headerLength(int payloadLength) {
        if (payloadLength < LENGTH_16) {
            return 2;
        }
        return payloadLength <= 0xFFFF ? 4 : 10;
    }

    /** Writes the header at the start of the array and returns where the payload begins. */
    static int writeHeader(byte[] frame, int payloadLength) {
        frame[0] = FIN_TEXT;
        if (payloadLength < LENGTH_16) {
            frame[1] = (byte) payloadLength;
            return 2;
        }
        if (payloadLength <= 0xFFFF) {
            frame[1] = LENGTH_16;
            frame[2] = (byte) (payloadLength >>> 8);
            frame[3] = (byte) payloadLength;
            return 4;
        }
        frame[1] = LENGTH_64; // the upper half of the 64 bits stays 0: an array is no longer than an int counts
        frame[6] = (byte) (payloadLength >>> 24);
        frame[7] = (byte) (payloadLength >>> 16);
        frame[8] = (byte) (payloadLength >>> 8);
        frame[9] = (byte) payloadLength;
        return 10;
    }
}
