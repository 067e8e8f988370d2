package dev.fairlead.protocol;

/** The rule for names of agents and instances, which share one name space: {@code [a-z0-9][a-z0-9-]{0,62}}. */
public final class Names {
    public static final int MAX_LENGTH = 63;

    /** The rule as a regular expression, for messages and schemas. */
    public static final String RULE = "[a-z0-9][a-z0-9-]{0,62}";

    private Names() {}

    public static boolean isValid(String name) {
        int length = name.length();
        if (length == 0 || length > MAX_LENGTH || name.charAt(0) == '-') {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = name.charAt(i);
            if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-') {
                return false;
            }
        }
        return true;
    }

    /**
     * A text that was given where a name, an id or the like belongs, as a message may repeat it: what is no visible
     * character of ASCII is a question mark, and what is over the length of a name is left out.
     */
    public static String shown(String text) {
        String visible = text.codePoints()
                .limit(MAX_LENGTH)
                .map(c -> c > ' ' && c < 0x7f && c != '\'' ? c : '?')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return text.codePointCount(0, text.length()) > MAX_LENGTH ? visible + "…" : visible;
    }

    /**
     * Returns the name if it is one.
     *
     * @param what what the name is of, to begin the message with: {@code "Instance name"}
     * @throws FairleadException {@code bad_request} that says the rule, never the refused text (it may be anything)
     */
    public static String require(String what, String name) {
        if (!isValid(name)) {
            throw new FairleadException(
                    ErrorCode.BAD_REQUEST,
                    what + " must match " + RULE + ": lower-case letters, digits and hyphens, 63 at most");
        }
        return name;
    }
}
