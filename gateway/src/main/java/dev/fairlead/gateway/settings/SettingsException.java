package dev.fairlead.gateway.settings;

import java.util.List;

/** The settings do not allow a start; carries every problem found, each one sentence that says what mends it. */
public final class SettingsException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final List<String> problems;

    SettingsException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
        this.problems = List.copyOf(problems);
    }

    /** At least one. */
    public List<String> problems() {
        return problems;
    }
}
