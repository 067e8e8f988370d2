package dev.fairlead.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/** Checks that bytes are UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, nothing above U+10FFFF. */
public final class Utf8 {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder())
            .withInvokeExactBehavior();
    private static final long NOT_ASCII = 0x8080_8080_8080_8080L;

    private Utf8() {}

    /**
     * Checks a range.
     *
     * @throws IndexOutOfBoundsException where the range is not within the array
     */
    public static boolean isValid(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        int end = offset + length;
        int at = offset;
        while (at < end) {
            at = skipAscii(bytes, at, end);
            if (at == end) {
                return true;
            }
            int width = widthOfCharacter(bytes, at, end);
            if (width == 0) {
                return false;
            }
            at += width;
        }
        return true;
    }

    private static int skipAscii(byte[] bytes, int from, int end) {
        int at = from;
        while (at + Long.BYTES <= end && ((long) LONGS.get(bytes, at) & NOT_ASCII) == 0) {
            at += Long.BYTES;
        }
        while (at < end && bytes[at] >= 0) {
            at++;
        }
        return at;
    }

    /** The number of bytes of the character of two or more bytes that begins here; 0 for none that may stand. */
    private static int widthOfCharacter(byte[] b, int at, int end) {
        int lead = b[at] & 0xFF;
        if (lead < 0xC2) { // a continuation byte, or an overlong form of ASCII
            return 0;
        }
        if (lead < 0xE0) {
            return at + 1 < end && isContinuation(b[at + 1]) ? 2 : 0;
        }
        if (lead < 0xF0) {
            return at + 2 < end && secondOfThree(lead, b[at + 1] & 0xFF) && isContinuation(b[at + 2]) ? 3 : 0;
        }
        return lead < 0xF5
                        && at + 3 < end
                        && secondOfFour(lead, b[at + 1] & 0xFF)
                        && isContinuation(b[at + 2])
                        && isContinuation(b[at + 3])
                ? 4
                : 0;
    }

    private static boolean isContinuation(byte b) {
        return (b & 0xC0) == 0x80;
    }

    /** After E0 not the overlong forms, after ED not the surrogates. */
    private static boolean secondOfThree(int lead, int second) {
        return second >= (lead == 0xE0 ? 0xA0 : 0x80) && second <= (lead == 0xED ? 0x9F : 0xBF);
    }

    /** After F0 not the overlong forms, after F4 nothing above U+10FFFF. */
    private static boolean secondOfFour(int lead, int second) {
        return second >= (lead == 0xF0 ? 0x90 : 0x80) && second <= (lead == 0xF4 ? 0x8F : 0xBF);
    }
}
