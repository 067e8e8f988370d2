package dev.fairlead.gateway.chat;

import dev.fairlead.protocol.VisibleText;
import java.util.regex.Pattern;

/** Takes out of a failure's text what is nobody's to read: keys, tokens, credentials in URLs, stack traces. */
final class Sanitised {
    private static final int MAX_LENGTH = 400;
    private static final String GONE = "[removed]";

    private static final Pattern CREDENTIALS_IN_URL = Pattern.compile("(?i)([a-z][a-z0-9+.-]*://)[^/\\s@]*@");
    private static final Pattern QUERY_SECRET = Pattern.compile(
            "(?i)([?&;](?:[a-z_-]*(?:key|token|secret|password|signature|sig|auth)[a-z_-]*)=)[^&\\s\"']+");
    private static final Pattern NAMED_SECRET = Pattern.compile(
            "(?i)((?:api[_-]?key|access[_-]?token|refresh[_-]?token|token|secret|password|authorization)"
                    + "[\"']?\\s*[:=]\\s*[\"']?)(?!\\s)[^\\s,;\"'}]{4,}");
    private static final Pattern BEARER = Pattern.compile("(?i)\\b(bearer|basic)\\s+[a-z0-9._~+/=-]{6,}");
    private static final Pattern JWT = Pattern.compile("eyJ[A-Za-z0-9_-]{5,}\\.[A-Za-z0-9_-]+\\.?[A-Za-z0-9_-]*");
    private static final Pattern KEY = Pattern.compile("\\b(?:sk|pk|rk|key|ghp|xox[a-z])[-_][A-Za-z0-9_*-]{6,}");
    private static final Pattern STACK = Pattern.compile(
            "(?s)(?:\\R?\\s*at [\\w.$/]+\\([^)]*\\)|\\R?Caused by:|\\R?Traceback \\(most recent call last\\):).*");
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\\n\\t]]");

    private Sanitised() {}

    /** The text as it may be told, never empty. */
    static String text(String text) {
        String clean = STACK.matcher(text).replaceFirst("");
        clean = CREDENTIALS_IN_URL.matcher(clean).replaceAll("$1" + GONE + "@");
        clean = QUERY_SECRET.matcher(clean).replaceAll("$1" + GONE);
        clean = BEARER.matcher(clean).replaceAll("$1 " + GONE);
        clean = JWT.matcher(clean).replaceAll(GONE);
        clean = KEY.matcher(clean).replaceAll(GONE);
        clean = NAMED_SECRET.matcher(clean).replaceAll("$1" + GONE);
        clean = CONTROL.matcher(clean).replaceAll(" ").strip();
        return clean.isEmpty() ? "The agent failed without saying why" : VisibleText.cut(clean, MAX_LENGTH);
    }
}
