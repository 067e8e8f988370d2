package dev.fairlead.gateway.cli;

import dev.fairlead.gateway.Version;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * All commands as one page of section 1, in the macros of {@code man(7)}: what {@code --help} tells of each, at once.
 */
final class ManPage {
    private static final Map<Integer, String> ESCAPES = Map.of(
            (int) '\\',
            "\\e",
            (int) '-',
            "\\-",
            (int) '\'',
            "\\(aq",
            (int) '"',
            "\\(dq",
            (int) '`',
            "\\(ga",
            (int) '^',
            "\\(ha",
            (int) '~',
            "\\(ti");

    private final StringBuilder page = new StringBuilder();

    private ManPage() {}

    /** The page of these commands. */
    static String of(CommandLine root) {
        ManPage manual = new ManPage();
        manual.write(root);
        return manual.page.toString();
    }

    private void write(CommandLine root) {
        CommandSpec spec = root.getCommandSpec();
        // Without a date, so that the same build is the same page.
        macro(".TH", spec.name().toUpperCase(Locale.ROOT), "1", "", "fairlead " + Version.current(), "");
        macro(".SH", "NAME");
        text(spec.name() + " - "
                + String.join(" ", sentences(spec.usageMessage().description())));
        macro(".SH", "SYNOPSIS");
        bold(synopsis(root));
        macro(".SH", "COMMANDS");
        commands(root);
        macro(".SH", "OPTIONS");
        text("Every command takes these:");
        arguments(spec, true);
        macro(".SH", "EXIT STATUS");
        spec.usageMessage().exitCodeList().forEach((code, meaning) -> term(code, List.of(meaning)));
        macro(".SH", "FILES");
        term("~/.fairlead", List.of("What a gateway keeps, where data_dir names no other folder."));
        macro(".SH", "SEE ALSO");
        text(
                "The pages under gateway/docs: tour.md to begin with, settings.md for what serve takes, operations.md to run it.");
    }

    private void commands(CommandLine parent) {
        for (CommandLine command : parent.getSubcommands().values()) {
            CommandSpec spec = command.getCommandSpec();
            if (spec.usageMessage().hidden()) {
                continue;
            }
            macro(".SS", spec.qualifiedName());
            bold(synopsis(command));
            for (String sentence : sentences(spec.usageMessage().description())) {
                macro(".PP");
                text(sentence);
            }
            arguments(spec, false);
            commands(command);
        }
    }

    private void arguments(CommandSpec spec, boolean general) {
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            if (!parameter.hidden()) {
                term(parameter.paramLabel(), sentences(parameter.description()));
            }
        }
        for (OptionSpec option : spec.options()) {
            // Those of help and version are inherited by all.
            if (!option.hidden() && (option.usageHelp() || option.versionHelp()) == general) {
                term(String.join(", ", option.names()) + value(option), sentences(option.description()));
            }
        }
    }

    private static String value(ArgSpec option) {
        if (option.arity().max() == 0) {
            return "";
        }
        return "=" + option.paramLabel() + (option.splitRegex().isEmpty() ? "" : "[,…]");
    }

    private static String synopsis(CommandLine command) {
        String wide = command.getHelp().synopsis(0);
        return Arrays.stream(wide.split("\\s+"))
                .collect(Collectors.joining(" "))
                .strip();
    }

    /** As {@code --help} shows them: its texts are formats. */
    private static List<String> sentences(String... texts) {
        List<String> sentences = new ArrayList<>();
        for (String text : texts) {
            sentences.addAll(
                    Help.Ansi.OFF.text(String.format(text)).toString().lines().toList());
        }
        return sentences;
    }

    private void term(String term, List<String> meaning) {
        macro(".TP");
        bold(term);
        meaning.forEach(this::text);
    }

    private void bold(String text) {
        page.append("\\fB").append(escaped(text)).append("\\fR\n");
    }

    private void text(String text) {
        page.append(escaped(text)).append('\n');
    }

    private void macro(String name, String... arguments) {
        page.append(name);
        for (String argument : arguments) {
            page.append(" \"").append(escaped(argument)).append('"');
        }
        page.append('\n');
    }

    /** What the formatter would take for its own is written by name; a line that begins with a dot is no macro. */
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.startsWith(".") ? "\\&" : "");
        text.codePoints().forEach(c -> {
            if (ESCAPES.containsKey(c)) {
                escaped.append(ESCAPES.get(c));
            } else if (c < 128) {
                escaped.append((char) c);
            } else {
                escaped.append(String.format("\\[u%04X]", c));
            }
        });
        return escaped.toString();
    }
}
