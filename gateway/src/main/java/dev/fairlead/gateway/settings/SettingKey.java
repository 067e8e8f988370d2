package dev.fairlead.gateway.settings;

import java.util.Locale;

/**
 * One row of the table of settings.
 *
 * @param name the dotted key, {@code ws.idle_timeout}
 * @param type what its text must look like
 * @param defaultText its value where no source says otherwise; empty for "not set"
 * @param secret whether its value is masked wherever it would show
 * @param doc what it does, in one line
 */
public record SettingKey(String name, SettingType type, String defaultText, boolean secret, String doc) {

    /** What every variable of ours begins with. */
    static final String ENVIRONMENT_PREFIX = "FAIRLEAD_";

    /** The environment variable that sets it. */
    public String environmentName() {
        return ENVIRONMENT_PREFIX + name.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    /** The text as it may be shown. */
    String shown(String text) {
        return secret && !text.isEmpty() ? Secret.MASK : text;
    }
}
