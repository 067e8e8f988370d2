package dev.fairlead.gateway.upstream;

/** What an upstream says in its own words, made fit to be kept and shown. */
public final class RefusalText {
    private static final int MOST_CHARACTERS = 200;

    /** Longer than any word of a refusal, shorter than any token. */
    private static final int LONGEST_WORD = 24;

    private RefusalText() {}

    /** One line of bounded length; whatever is long enough to be a token is left out, should it be repeated to us. */
    public static String of(String said) {
        StringBuilder shown = new StringBuilder();
        said.codePoints()
                .limit(MOST_CHARACTERS)
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .forEach(shown::appendCodePoint);
        return shown.toString()
                .replaceAll("\\S{" + (LONGEST_WORD + 1) + ",}", "…")
                .strip();
    }
}
