package dev.fairlead.protocol;

import java.util.Optional;

/**
 * Where in a trace something happens, as the W3C's Trace Context writes it in {@code traceparent}: {@code 00-<trace, 32
 * hex digits>-<span, 16>-<flags, 2>}.
 */
public final class TraceParent {
    /** Characters of one. */
    public static final int LENGTH = 55;

    private static final int TRACE = 3;
    private static final int SPAN = 36;
    private static final int FLAGS = 53;

    private TraceParent() {}

    /**
     * The text, where it is one; what is not counts as none, as the specification wants it. Of a later version the part
     * that this one knows is taken.
     */
    public static Optional<String> of(String text) {
        if (text.length() < LENGTH
                || (text.length() > LENGTH && (text.startsWith("00") || text.charAt(LENGTH) != '-'))) {
            return Optional.empty();
        }
        boolean whole = text.charAt(TRACE - 1) == '-'
                && text.charAt(SPAN - 1) == '-'
                && text.charAt(FLAGS - 1) == '-'
                && isHex(text, 0, TRACE - 1)
                && isHex(text, TRACE, SPAN - 1)
                && isHex(text, SPAN, FLAGS - 1)
                && isHex(text, FLAGS, LENGTH);
        return whole && !text.startsWith("ff") && !isZero(text, TRACE, SPAN - 1) && !isZero(text, SPAN, FLAGS - 1)
                ? Optional.of("00" + text.substring(2, LENGTH))
                : Optional.empty();
    }

    /** As {@link #of(String)}, where there is a text at all. */
    public static Optional<String> of(Optional<String> text) {
        return text.flatMap(TraceParent::of);
    }

    /** The 32 digits of the trace. */
    public static String trace(String traceparent) {
        return traceparent.substring(TRACE, SPAN - 1);
    }

    /** The 16 digits of the span that is the parent. */
    public static String span(String traceparent) {
        return traceparent.substring(SPAN, FLAGS - 1);
    }

    /** Whether whoever began the trace records it. */
    public static boolean sampled(String traceparent) {
        return (Character.digit(traceparent.charAt(LENGTH - 1), 16) & 1) == 1;
    }

    private static boolean isHex(String text, int from, int to) {
        return text.substring(from, to).chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    private static boolean isZero(String text, int from, int to) {
        return text.substring(from, to).chars().allMatch(c -> c == '0');
    }
}
