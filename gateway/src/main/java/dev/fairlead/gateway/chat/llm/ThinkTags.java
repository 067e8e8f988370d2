package dev.fairlead.gateway.chat.llm;

import java.util.function.Consumer;

/**
 * Tells what a model thinks from what it says, where its server leaves both in one text: {@code <think>…</think>}, in
 * pieces of any size. A tag that is quoted is text.
 */
final class ThinkTags {
    static final String OPEN = "<think>";
    private static final String CLOSE = "</think>";
    private static final String QUOTES = "`\"'";

    private final Consumer<String> thoughts;
    private final Consumer<String> words;
    private boolean thinking;
    private boolean spoke;
    private boolean afterThought;
    private char before = '\n';
    private String held = "";

    ThinkTags(Consumer<String> thoughts, Consumer<String> words) {
        this.thoughts = thoughts;
        this.words = words;
    }

    /** Takes the next piece. */
    void take(String piece) {
        if (held.isEmpty() && !thinking && !afterThought && piece.indexOf('<') < 0) {
            say(piece);
            return;
        }
        String text = held + piece;
        held = "";
        int at = 0;
        while (at < text.length()) {
            String tag = thinking ? CLOSE : OPEN;
            int found = tag(text, at, tag);
            if (found < 0) {
                int end = text.length() - begun(text, at, tag);
                tell(text.substring(at, end));
                held = text.substring(end);
                return;
            }
            tell(text.substring(at, found));
            afterThought = thinking;
            thinking = !thinking;
            at = found + tag.length();
            before = '\n';
        }
    }

    /** There is no more: what looked like the beginning of a tag was text. */
    void end() {
        String rest = held;
        held = "";
        tell(rest);
    }

    private int tag(String text, int from, String tag) {
        for (int at = text.indexOf(tag, from); at >= 0; at = text.indexOf(tag, at + 1)) {
            if (thinking || QUOTES.indexOf(at == from ? before : text.charAt(at - 1)) < 0) {
                return at;
            }
        }
        return -1;
    }

    /** How many characters at the end may be the beginning of a tag. */
    private static int begun(String text, int from, String tag) {
        for (int length = Math.min(tag.length() - 1, text.length() - from); length > 0; length--) {
            if (tag.startsWith(text.substring(text.length() - length))) {
                return length;
            }
        }
        return 0;
    }

    private void tell(String text) {
        if (thinking) {
            if (!text.isEmpty()) {
                thoughts.accept(text);
            }
        } else {
            say(text);
        }
    }

    /** The empty lines between a thought and the answer belong to neither. */
    private void say(String text) {
        String said = afterThought && !spoke ? text.stripLeading() : text;
        if (!said.isEmpty()) {
            spoke |= !said.isBlank();
            afterThought &= !spoke;
            before = said.charAt(said.length() - 1);
            words.accept(said);
        }
    }
}
