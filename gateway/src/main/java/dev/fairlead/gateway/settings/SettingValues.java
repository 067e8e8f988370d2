package dev.fairlead.gateway.settings;

import dev.fairlead.protocol.client.UserHome;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The text of every key, from whichever source won, and where it came from. Texts have passed their type's check, so
 * that the typed readings below cannot fail; a key that is not in the table can.
 */
public record SettingValues(Map<String, Sourced> byName) {

    /**
     * A value's text and where it stood.
     *
     * @param origin names the place as an operator would: {@code line 3 of gateway.yaml}; empty for the default
     */
    record Sourced(String text, Optional<String> origin) {

        /** Without the text, which may be a secret. */
        @Override
        public String toString() {
            return origin.orElse("default");
        }
    }

    String text(String name) {
        Sourced sourced = byName.get(name);
        if (sourced == null) {
            throw new IllegalArgumentException("No setting is named " + name);
        }
        return sourced.text();
    }

    /** Where the value comes from; empty for the default. */
    Optional<String> origin(String name) {
        return byName.get(name).origin();
    }

    Optional<String> optional(String name) {
        return Optional.of(text(name)).filter(text -> !text.isEmpty());
    }

    Optional<Secret> secret(String name) {
        return optional(name).map(Secret::of);
    }

    int number(String name) {
        return Integer.parseInt(text(name));
    }

    boolean flag(String name) {
        return Boolean.parseBoolean(text(name));
    }

    Duration time(String name) {
        return DurationText.parse(text(name));
    }

    ByteSize size(String name) {
        return ByteSize.parse(text(name));
    }

    BigDecimal amount(String name) {
        return new BigDecimal(text(name));
    }

    Path path(String name) {
        return expanded(text(name));
    }

    Optional<Path> optionalPath(String name) {
        return optional(name).map(SettingValues::expanded);
    }

    Optional<URI> url(String name) {
        return optional(name).map(URI::create);
    }

    List<String> list(String name) {
        String emptyWord = SettingKeys.find(name)
                .flatMap(key -> key.type().emptyWord())
                .orElseThrow(() -> new IllegalArgumentException(name + " is not a list"));
        return SettingType.elements(text(name)).stream()
                .filter(element -> !element.equals(emptyWord))
                .toList();
    }

    <E extends Enum<E>> E choice(String name, Class<E> type) {
        String constant = text(name).toUpperCase(Locale.ROOT);
        return Arrays.stream(type.getEnumConstants())
                .filter(candidate -> candidate.name().equals(constant))
                .findFirst()
                .orElseThrow();
    }

    /**
     * A leading {@code ~} is the user's home, as in a shell.
     *
     * @throws SettingsException where there is none
     */
    static Path expanded(String text) {
        boolean home = text.equals("~") || text.startsWith("~/");
        Path path = home ? home().resolve(text.equals("~") ? "" : text.substring(2)) : Path.of(text);
        return path.toAbsolutePath().normalize();
    }

    private static Path home() {
        return UserHome.find(System.getenv())
                .orElseThrow(() -> new SettingsException(List.of("The user who runs this has no home folder for '~' to"
                        + " stand for: set HOME, or say where everything is kept with --data-dir"
                        + " (FAIRLEAD_DATA_DIR)")));
    }
}
