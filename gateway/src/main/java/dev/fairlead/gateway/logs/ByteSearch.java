package dev.fairlead.gateway.logs;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Finds a text in bytes without making characters of them, by the skips of Boyer, Moore and Horspool. Immutable. */
final class ByteSearch {
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LOW = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;

    private final byte[] lower;
    private final byte[] upper;
    private final int[] skip = new int[256];

    private ByteSearch(byte[] lower, byte[] upper) {
        this.lower = lower;
        this.upper = upper;
        Arrays.fill(skip, lower.length);
        for (int i = 0; i < lower.length - 1; i++) {
            skip[lower[i] & 0xFF] = lower.length - 1 - i;
            skip[upper[i] & 0xFF] = lower.length - 1 - i;
        }
    }

    /** For a text; empty where its letters have other forms in another case, which bytes do not tell. */
    static Optional<ByteSearch> of(String text, boolean caseSensitive) {
        boolean ascii = text.chars().allMatch(letter -> letter < 128);
        if (text.isEmpty() || !(ascii || caseSensitive)) {
            return Optional.empty();
        }
        return Optional.of(
                caseSensitive
                        ? new ByteSearch(bytes(text), bytes(text))
                        : new ByteSearch(bytes(text.toLowerCase(Locale.ROOT)), bytes(text.toUpperCase(Locale.ROOT))));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Where it stands first between two offsets, -1 where it does not. */
    int find(byte[] in, int from, int to) {
        int last = lower.length - 1;
        int at = from;
        while (at + last < to) {
            byte end = in[at + last];
            if ((end == lower[last] || end == upper[last]) && isAt(in, at, last)) {
                return at;
            }
            at += skip[end & 0xFF];
        }
        return -1;
    }

    private boolean isAt(byte[] in, int at, int length) {
        for (int i = 0; i < length; i++) {
            byte one = in[at + i];
            if (one != lower[i] && one != upper[i]) {
                return false;
            }
        }
        return true;
    }

    /** Where a byte stands first between two offsets, eight at a time; -1 where it does not. */
    static int find(byte wanted, byte[] in, int from, int to) {
        long pattern = (wanted & 0xFFL) * LOW;
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            long different = (long) WORDS.get(in, at) ^ pattern;
            long zero = (different - LOW) & ~different & HIGH;
            if (zero != 0) {
                return at + Long.numberOfTrailingZeros(zero) / Byte.SIZE;
            }
        }
        for (; at < to; at++) {
            if (in[at] == wanted) {
                return at;
            }
        }
        return -1;
    }
}
