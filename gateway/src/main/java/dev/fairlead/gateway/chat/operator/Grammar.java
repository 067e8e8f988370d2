package dev.fairlead.gateway.chat.operator;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What an operator may say: {@link SlashCommands} and {@link Sentences}, and what they have in common. */
final class Grammar {
    /** Of an instance or an agent. */
    static final String NAME = "[a-z0-9][a-z0-9-]{0,62}";

    static final String STATUS = "(accepted|delivered|acknowledged|retry_scheduled|failed|expired|dead_lettered)";

    /** A label in two groups, {@code team a} or {@code team=a}; a person says {@code team 'a'}, too. */
    static final String LABEL =
            "([A-Za-z0-9][A-Za-z0-9_./-]{0,62})(?: ?= ?| )[\"'`]?([A-Za-z0-9][A-Za-z0-9_.-]{0,62})[\"'`]?";

    private static final int DEFAULT_MINUTES = 10;
    private static final int MOST_MINUTES = 24 * 60;
    private static final int LOG_LINES = 20;
    private static final int MAX_LOG_LINES = 200;
    private static final int MOST_SYMBOLS = 20;

    private Grammar() {}

    /** What the text asks for. */
    static Intent parse(String text) {
        String line = text.strip();
        return line.startsWith("/") ? SlashCommands.parse(line) : Sentences.parse(line);
    }

    static String actUsage(String verb) {
        return "/" + verb + " NAME, or /" + verb + " KEY=VALUE for all that have that label";
    }

    /** Keys are lower-case as people write them; a value is as it was said. */
    static String label(String key, String value) {
        return key.toLowerCase(Locale.ROOT) + "=" + value;
    }

    static Intent log(String name, Optional<String> lines) {
        int many = lines.map(Integer::parseInt).orElse(LOG_LINES);
        return new Intent.Log(name, Math.max(1, Math.min(many, MAX_LOG_LINES)));
    }

    /** What happened in the last minutes, ten where nobody says how many. */
    static Intent happened(Optional<String> many, String unit) {
        int number = many.map(Integer::parseInt).orElse(unit.startsWith("m") ? DEFAULT_MINUTES : 1);
        long minutes =
                switch (unit.isEmpty() ? 'm' : unit.charAt(0)) {
                    case 'h' -> number * 60L;
                    case 'd' -> number * 24L * 60;
                    default -> number;
                };
        return new Intent.Happened((int) Math.max(1, Math.min(minutes, MOST_MINUTES)));
    }

    static Intent quotes(String text) {
        List<String> symbols = new ArrayList<>();
        for (String symbol : text.split("[\\s,]+|\\band\\b", -1)) {
            if (!symbol.isBlank() && symbols.size() < MOST_SYMBOLS) {
                symbols.add(symbol.toUpperCase(Locale.ROOT));
            }
        }
        return symbols.isEmpty() ? new Intent.Incomplete("/quote SYMBOL…") : new Intent.Quotes(symbols);
    }
}
