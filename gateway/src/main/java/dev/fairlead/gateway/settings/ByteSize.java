package dev.fairlead.gateway.settings;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of bytes, written {@code 512}, {@code 64KiB}, {@code 1MiB} or {@code 2GiB}.
 *
 * @param bytes never negative
 */
public record ByteSize(long bytes) {

    static final String ACCEPTS = "a size such as 512, 64KiB, 1MiB or 2GiB";

    private static final Pattern FORM = Pattern.compile("(\\d{1,12})(B|KiB|MiB|GiB)?");
    private static final long KIB = 1024;
    private static final long MIB = KIB * 1024;
    private static final long GIB = MIB * 1024;
    /** 1 TiB: past this a setting is a slip of the keyboard. */
    private static final long MOST = 1024 * GIB;

    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("A size is never negative: " + bytes);
        }
    }

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException for any other form and past 1 TiB
     */
    public static ByteSize parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(ACCEPTS);
        }
        long unit = form.group(2) == null ? 1 : unit(form.group(2));
        long amount = Long.parseLong(form.group(1));
        if (amount > MOST / unit) {
            throw new IllegalArgumentException("at most 1024GiB");
        }
        return new ByteSize(amount * unit);
    }

    private static long unit(String name) {
        return switch (name) {
            case "KiB" -> KIB;
            case "MiB" -> MIB;
            case "GiB" -> GIB;
            default -> 1;
        };
    }

    /**
     * The amount as an {@code int}, for interfaces that take no more.
     *
     * @throws ArithmeticException past 2 GiB
     */
    public int toInt() {
        return Math.toIntExact(bytes);
    }

    /** The written form, in the largest unit that keeps it whole. */
    @Override
    public String toString() {
        if (bytes > 0 && bytes % GIB == 0) {
            return bytes / GIB + "GiB";
        }
        if (bytes > 0 && bytes % MIB == 0) {
            return bytes / MIB + "MiB";
        }
        if (bytes > 0 && bytes % KIB == 0) {
            return bytes / KIB + "KiB";
        }
        return Long.toString(bytes);
    }
}
