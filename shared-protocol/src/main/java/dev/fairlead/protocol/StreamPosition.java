package dev.fairlead.protocol;

/**
 * A point in a stream, written {@code <epoch>:<seq>}: what a client that reconnects gives as {@code since}.
 *
 * @param epoch the life of the stream the number belongs to: 1 to 64 of {@code [A-Za-z0-9_-]}; another epoch, another
 *     count
 * @param seq the frame's number in that life, from 0, +1 a frame without holes
 */
public record StreamPosition(String epoch, long seq) {
    private static final int MAX_EPOCH_LENGTH = 64;
    private static final int MAX_SEQ_DIGITS = 18; // always fits a long

    /**
     * Checks both parts.
     *
     * @throws FairleadException {@code bad_request}, where the epoch is malformed or the number negative
     */
    public StreamPosition {
        if (!isEpoch(epoch) || seq < 0) {
            throw malformed();
        }
    }

    /**
     * Reads a position as {@link #toString()} writes it.
     *
     * @throws FairleadException {@code bad_request}, where the text is not {@code <epoch>:<seq>}
     */
    public static StreamPosition parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0 || !isNumber(text, colon + 1)) {
            throw malformed();
        }
        return new StreamPosition(text.substring(0, colon), Long.parseLong(text, colon + 1, text.length(), 10));
    }

    /** The position of the frame that follows this one. */
    public StreamPosition next() {
        return new StreamPosition(epoch, seq + 1);
    }

    @Override
    public String toString() {
        return epoch + ":" + seq;
    }

    private static boolean isEpoch(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_EPOCH_LENGTH
                && text.chars().allMatch(Subject::isTokenChar);
    }

    private static boolean isNumber(String text, int from) {
        int digits = text.length() - from;
        return digits > 0 && digits <= MAX_SEQ_DIGITS && text.chars().skip(from).allMatch(c -> c >= '0' && c <= '9');
    }

    private static FairleadException malformed() {
        return new FairleadException(
                ErrorCode.BAD_REQUEST,
                "Not a position in a stream: give since=<epoch>:<seq> as a frame carried them, or leave it out");
    }
}
