package dev.fairlead.gateway.settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Gathers settings from their sources, each stronger than the one before: defaults, file, environment, {@code --set}.
 * All that is wrong is told at once.
 */
public final class SettingsLoader {

    /**
     * What was found.
     *
     * @param settings typed and checked
     * @param values the texts behind them, for showing
     */
    public record Loaded(Settings settings, SettingValues values) {}

    private final List<String> problems = new ArrayList<>();
    private final Map<String, SettingValues.Sourced> values = new LinkedHashMap<>();

    private SettingsLoader() {
        SettingKeys.all()
                .forEach(key -> values.put(key.name(), new SettingValues.Sourced(key.defaultText(), Optional.empty())));
    }

    /** Defaults alone; add the sources in the order of their strength. */
    public static SettingsLoader nothing() {
        return new SettingsLoader();
    }

    /** Adds a YAML file. */
    public SettingsLoader file(Path file) {
        List<Assignment> assignments = YamlSource.read(file, problems);
        Set<String> keys = new HashSet<>();
        for (Assignment assignment : assignments) {
            if (!keys.add(assignment.key())) {
                problems.add(assignment.origin() + ": " + assignment.key() + " is set twice in the file");
            }
        }
        assignments.forEach(this::take);
        return this;
    }

    /** Adds the environment's {@code FAIRLEAD_*} variables. */
    public SettingsLoader environment(Map<String, String> environment) {
        EnvironmentSource.read(environment, problems).forEach(this::take);
        return this;
    }

    /** Adds {@code key=value} texts, as {@code --set} takes them; a later one wins. */
    public SettingsLoader set(List<String> assignments) {
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            if (equals < 1) {
                problems.add("--set takes key=value, as in --set http.port=18800");
            } else {
                set(assignment.substring(0, equals).strip(), assignment.substring(equals + 1), "--set");
            }
        }
        return this;
    }

    /** Adds one value from an option of the command line. */
    public SettingsLoader set(String key, String text, String origin) {
        take(new Assignment(key, text, origin));
        return this;
    }

    /**
     * The settings of all sources together.
     *
     * @throws SettingsException naming everything that is wrong
     */
    public Loaded load() {
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
        SettingValues all = new SettingValues(Map.copyOf(values));
        Settings settings = new SettingsBinder(all).bind();
        List<String> clashes = SettingsChecks.clashes(settings);
        if (!clashes.isEmpty()) {
            throw new SettingsException(clashes);
        }
        return new Loaded(settings, all);
    }

    private void take(Assignment assignment) {
        Optional<SettingKey> found = SettingKeys.find(assignment.key());
        if (found.isEmpty()) {
            problems.add(unknown(assignment));
            return;
        }
        SettingKey key = found.get();
        // A line break at the end is what `echo` and editors leave, never a part of the value.
        String text = assignment.text().strip();
        try {
            key.type().check().accept(text);
            values.put(key.name(), new SettingValues.Sourced(text, Optional.of(assignment.origin())));
        } catch (IllegalArgumentException e) {
            problems.add(assignment.origin() + ": " + key.name() + " = " + Shown.value(key, text) + ": expected "
                    + e.getMessage());
        }
    }

    private static String unknown(Assignment assignment) {
        String name = assignment.key();
        List<String> names = SettingKeys.all().stream().map(SettingKey::name).toList();
        List<String> group =
                names.stream().filter(key -> key.startsWith(name + ".")).toList();
        Optional<String> closest = ClosestKey.to(name.toLowerCase(Locale.ROOT), names);
        String advice;
        if (!group.isEmpty()) {
            advice = "a group, not a setting; it has " + String.join(", ", group);
        } else {
            advice = "no setting of that name; "
                    + closest.map(key -> "did you mean " + key + "?").orElse("'serve --print-config' shows them all");
        }
        return assignment.origin() + ": " + Shown.key(name) + " = " + Shown.unknownValue(assignment, closest) + ": "
                + advice;
    }
}
