package dev.fairlead.gateway.settings;

import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes settings as a YAML file that can be read back, secrets masked, with a word on where each came from. */
public final class SettingsPrinter {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9/~][A-Za-z0-9/_.~:+-]*");

    private SettingsPrinter() {}

    /** The whole table with the values in force. */
    public static String yaml(SettingValues values) {
        StringBuilder yaml = new StringBuilder();
        String group = "";
        for (SettingKey key : SettingKeys.all()) {
            int dot = key.name().indexOf('.');
            String keyGroup = dot < 0 ? "" : key.name().substring(0, dot);
            if (!keyGroup.equals(group)) {
                group = keyGroup;
                yaml.append(group.isEmpty() ? "" : group + ":\n");
            }
            yaml.append(group.isEmpty() ? "" : "  ")
                    .append(key.name().substring(dot + 1))
                    .append(": ")
                    .append(scalar(key, key.shown(values.text(key.name()))))
                    .append(values.origin(key.name()).map(from -> "  # " + from).orElse(""))
                    .append('\n');
        }
        return yaml.toString();
    }

    private static String scalar(SettingKey key, String text) {
        boolean list = key.type().emptyWord().isPresent() && text.contains(",");
        if (list) {
            return SettingType.elements(text).stream()
                    .map(SettingsPrinter::quoted)
                    .collect(Collectors.joining(", ", "[", "]"));
        }
        return quoted(text);
    }

    private static String quoted(String text) {
        if (PLAIN.matcher(text).matches() && !text.endsWith(":")) {
            return text;
        }
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
            } else if (Character.isISOControl(c)) {
                quoted.append(String.format("\\u%04x", c));
            } else {
                quoted.append((char) c);
            }
        });
        return quoted.append('"').toString();
    }
}
