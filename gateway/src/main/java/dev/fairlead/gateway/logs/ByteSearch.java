package dev.fairlead.gateway.logs;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds a text in bytes without making characters of them: eight places at a time are looked at for the one of its
 * bytes that logs have least of, and only where that stands for the rest. Immutable.
 */
final class ByteSearch {
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LOW = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;

    /** The bit in which the letters of ASCII differ by case. */
    private static final int CASE = 0x20;

    /** What logs have most of first; anything else is rare. */
    private static final String COMMON = " e0t1a2o3i5n4s6r8l7d9c-mu:ph.f/g=y_w,b\"vk[]()INAETSRDOLx";

    private final byte[] lower;
    private final byte[] upper;
    private final int rare;
    private final long rareByte;
    private final long fold;

    private ByteSearch(byte[] lower, byte[] upper) {
        this.lower = lower;
        this.upper = upper;
        this.rare = rarest(lower);
        this.rareByte = (lower[rare] & 0xFFL) * LOW;
        // The bit by which a letter that may be of either case is one or the other.
        this.fold = lower[rare] == upper[rare] ? 0 : CASE * LOW;
    }

    private static int rarest(byte[] text) {
        int rarest = 0;
        for (int i = 1; i < text.length; i++) {
            rarest = rarity(text[i]) > rarity(text[rarest]) ? i : rarest;
        }
        return rarest;
    }

    private static int rarity(byte one) {
        int common = COMMON.indexOf((char) (one & 0xFF));
        return common < 0 ? COMMON.length() : common;
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

    /**
     * Where the text begins or the other byte stands, whichever is met first between two offsets; of two that are
     * nearer to each other than the text is long either one. -1 where neither is there.
     */
    int find(byte other, byte[] in, int from, int to) {
        long otherByte = (other & 0xFFL) * LOW;
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            long word = (long) WORDS.get(in, at);
            long one = (word | fold) ^ rareByte;
            long two = word ^ otherByte;
            long met = (((one - LOW) & ~one) | ((two - LOW) & ~two)) & HIGH;
            for (; met != 0; met &= met - 1) {
                int found = met(other, in, at + Long.numberOfTrailingZeros(met) / Byte.SIZE, from, to);
                if (found >= 0) {
                    return found;
                }
            }
        }
        for (; at < to; at++) {
            int found = met(other, in, at, from, to);
            if (found >= 0) {
                return found;
            }
        }
        return -1;
    }

    private int met(byte other, byte[] in, int at, int from, int to) {
        if (in[at] == other) {
            return at;
        }
        int start = at - rare;
        return start >= from && start + lower.length <= to && isAt(in, start) ? start : -1;
    }

    private boolean isAt(byte[] in, int at) {
        for (int i = 0; i < lower.length; i++) {
            byte one = in[at + i];
            if (one != lower[i] && one != upper[i]) {
                return false;
            }
        }
        return true;
    }

    /** Where a byte stands first between two offsets, eight at a time; -1 where it does not. */
    static int indexOf(byte wanted, byte[] in, int from, int to) {
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
