package dev.fairlead.protocol;

import java.util.Locale;

/**
 * Texts of strangers, made fit to be shown: what steers a terminal, turns the direction of reading or cannot be seen
 * stands there as what it is, {@code ⟨U+2067⟩}.
 */
public final class VisibleText {
    private static final char ESCAPE = 0x1b;
    /** Parameters of a style a terminal would ever be sent, with room to spare. */
    private static final int MAX_STYLE = 64;

    /** What begins at a place of a text: the end of a style, none, or one whose end has not come yet. */
    static final int NO_STYLE = -1;

    static final int UNFINISHED_STYLE = -2;

    private VisibleText() {}

    /** One line of a log, which may have colours: tabs and styles (SGR) stay, every other control is made visible. */
    public static String styled(String line) {
        if (line.chars().noneMatch(c -> isSteering(c))) {
            return line;
        }
        StringBuilder shown = new StringBuilder(line.length() + 16);
        int at = 0;
        while (at < line.length()) {
            int end = line.charAt(at) == ESCAPE ? styleEnd(line, at) : NO_STYLE;
            if (end > 0) {
                shown.append(line, at, end);
                at = end;
            } else {
                append(shown, line.charAt(at++));
            }
        }
        return shown.toString();
    }

    /** A text without styles, as a name or a reason: every control, line breaks too, is made visible. */
    public static String plain(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c == '\t' || c == '\n' || isSteering(c) || Character.getType(c) == Character.FORMAT) {
                appendCode(shown, c);
            } else {
                shown.appendCodePoint(c);
            }
        });
        return shown.toString();
    }

    /** The text in {@code most} characters: what is longer ends with …, and never with half a character. */
    public static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 2)) ? most - 2 : most - 1;
        return text.substring(0, end) + "…";
    }

    /** Appends a character, or what it is where it steers; tabs and line feeds stay. */
    public static void append(StringBuilder shown, char c) {
        if (isSteering(c)) {
            appendCode(shown, c);
        } else {
            shown.append(c);
        }
    }

    /**
     * Where the style that begins at an escape character ends: {@code ESC [ … m}.
     *
     * @return the index behind it; negative for what is none, or where the text ends within it
     */
    static int styleEnd(CharSequence text, int escape) {
        int at = escape + 1;
        if (at < text.length() && text.charAt(at) != '[') {
            return NO_STYLE;
        }
        at++;
        while (at < text.length() && at - escape < MAX_STYLE) {
            char c = text.charAt(at++);
            if (c == 'm') {
                return at;
            }
            if ((c < '0' || c > '9') && c != ';' && c != ':') {
                return NO_STYLE;
            }
        }
        return at - escape < MAX_STYLE ? UNFINISHED_STYLE : NO_STYLE;
    }

    /** Whether a text ends within what may become a style. */
    public static boolean isUnfinished(CharSequence text, int escape) {
        return styleEnd(text, escape) == UNFINISHED_STYLE;
    }

    /** C0, DEL and C1 controls but tab and line feed, and what changes the direction of reading. */
    private static boolean isSteering(int c) {
        return (c < ' ' && c != '\t' && c != '\n')
                || (c >= 0x7f && c <= 0x9f)
                || c == 0x61c
                || c == 0x200e
                || c == 0x200f
                || (c >= 0x202a && c <= 0x202e)
                || (c >= 0x2066 && c <= 0x2069);
    }

    private static void appendCode(StringBuilder shown, int c) {
        shown.append("⟨U+").append(String.format(Locale.ROOT, "%04X", c)).append('⟩');
    }
}
