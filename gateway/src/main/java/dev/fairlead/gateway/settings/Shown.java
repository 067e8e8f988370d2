package dev.fairlead.gateway.settings;

import dev.fairlead.protocol.VisibleText;
import java.util.Optional;
import java.util.regex.Pattern;

/** How a key or value of unknown worth is quoted in a message: cut, printable, never a secret. */
final class Shown {

    private static final int LONGEST = 80;
    private static final Pattern SMELLS_SECRET = Pattern.compile("(?i)pass|pwd|secret|token|key|credential");
    private static final Pattern CREDENTIALS = Pattern.compile("(?i)((?:password|pwd|secret|token)=)[^&;\\s]*");
    private static final Pattern USER_INFO = Pattern.compile("//[^/@\\s]*@");

    private Shown() {}

    static String key(String name) {
        return printable(name);
    }

    static String value(SettingKey key, String text) {
        return key.secret() ? Secret.MASK : value(text);
    }

    /** A misspelt key may have been meant for a secret. */
    static String unknownValue(Assignment assignment, Optional<String> closest) {
        boolean secret = SMELLS_SECRET.matcher(assignment.key()).find()
                || closest.flatMap(SettingKeys::find).map(SettingKey::secret).orElse(false);
        return secret ? Secret.MASK : value(assignment.text());
    }

    private static String value(String text) {
        String masked = CREDENTIALS.matcher(text).replaceAll("$1" + Secret.MASK);
        return "'" + printable(USER_INFO.matcher(masked).replaceAll("//" + Secret.MASK + "@")) + "'";
    }

    private static String printable(String text) {
        return VisibleText.cut(text, LONGEST)
                .codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
