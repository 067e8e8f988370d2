package dev.fairlead.gateway.chat.llm;

import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.protocol.VisibleText;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a provider says of an error, made fit to be shown: one short line without anything that looks like a secret. */
final class ProviderText {
    private static final int MOST_CHARACTERS = 300;

    /** More is not looked at: it could only be cut. */
    private static final int MOST_READ = 4_000;

    private static final Pattern STACK =
            Pattern.compile("(?s)(?:Traceback \\(most recent call last\\)|\\s+at [\\w.$]+\\(|\\s+File \"|[\\r\\n]).*");
    private static final Pattern URL_CREDENTIALS = Pattern.compile("://[^/\\s@]{1,500}@");
    private static final Pattern AUTHORIZATION = Pattern.compile("(?i)\\b(bearer|basic)\\s+[^\\s\"',;]+");
    private static final Pattern NAMED = Pattern.compile(
            "(?i)\\b((?:api[-_ ]?)?key|token|secret|password|authorization)([\"']?\\s*[=:]\\s*[\"']?)[^\\s\"'&,;]+");
    private static final Pattern KEY_LIKE =
            Pattern.compile("\\b(?:sk|pk|rk|gsk|xai|hf|ghp|key|api|AIza)[-_]?[A-Za-z0-9_*-]{12,}");
    private static final Pattern LONG = Pattern.compile("[A-Za-z0-9_+/=*-]{40,}");
    private static final Pattern UNPRINTABLE = Pattern.compile("\\p{Cntrl}+");

    private final Optional<Secret> key;

    ProviderText(Optional<Secret> key) {
        this.key = key;
    }

    /** The line; empty where nothing is left. */
    String clean(String said) {
        String text = said.substring(0, Math.min(said.length(), MOST_READ)).strip();
        if (key.isPresent()) {
            text = text.replace(key.get().reveal(), Secret.MASK);
        }
        text = STACK.matcher(text).replaceFirst("");
        text = URL_CREDENTIALS.matcher(text).replaceAll("://" + Secret.MASK + "@");
        text = AUTHORIZATION.matcher(text).replaceAll("$1 " + Secret.MASK);
        text = NAMED.matcher(text).replaceAll("$1$2" + Secret.MASK);
        text = KEY_LIKE.matcher(text).replaceAll(Secret.MASK);
        text = LONG.matcher(text).replaceAll(Secret.MASK);
        text = UNPRINTABLE.matcher(text).replaceAll(" ").strip();
        return VisibleText.cut(text, MOST_CHARACTERS);
    }
}
