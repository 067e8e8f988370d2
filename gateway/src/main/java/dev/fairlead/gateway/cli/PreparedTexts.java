package dev.fairlead.gateway.cli;

import dev.fairlead.gateway.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Help.Ansi;

/**
 * What commands tell of themselves: their help, the manual, the completion scripts and the version. The build writes
 * all of it beside the classes ({@link PreparedTextsWriter}), as to read a file takes a tenth of what it takes to read
 * the options of the commands. What is not written there is told by the commands.
 */
final class PreparedTexts {
    /** Where they are in the jar. */
    static final String FOLDER = "texts";

    /** The command lines whose output is there: to look for another's opens the jar, which a command feels. */
    static final List<List<String>> OUTPUTS =
            List.of(List.of("man"), List.of("completion", "bash"), List.of("completion", "zsh"));

    private static final Set<String> HELP = Set.of("--help", "-h");
    private static final Set<String> VERSION = Set.of("--version", "-V");
    private static final Pattern WORD = Pattern.compile("[a-z][a-z-]*");
    private static final Pattern STYLE = Pattern.compile("\u001B\\[[0-9;]*m");

    private final Function<String, Optional<InputStream>> files;

    /** @param files gives the content of a path below {@link #FOLDER}; empty where there is none */
    PreparedTexts(Function<String, Optional<InputStream>> files) {
        this.files = files;
    }

    /** Those of this build. */
    static PreparedTexts ofBuild() {
        return new PreparedTexts(
                path -> Optional.ofNullable(PreparedTexts.class.getResourceAsStream("/" + FOLDER + "/" + path)));
    }

    /** The whole answer to a command line that asks for such a text; empty where the commands have to answer. */
    Optional<String> answer(List<String> words) {
        if (words.isEmpty()) {
            return Optional.empty();
        }
        String last = words.get(words.size() - 1);
        List<String> command = words.subList(0, words.size() - 1);
        if (VERSION.contains(last) && command.isEmpty()) {
            return Optional.of(version() + System.lineSeparator());
        }
        if (HELP.contains(last)) {
            return allWords(command) ? read(help(command)).map(PreparedTexts::styled) : Optional.empty();
        }
        return OUTPUTS.contains(words) ? read(output(words)) : Optional.empty();
    }

    static String version() {
        return "fairlead " + Version.current();
    }

    /** Where the help of a command is, its styles in it. */
    static String help(List<String> command) {
        return path("help", command);
    }

    /** Where that is which a command writes. */
    static String output(List<String> words) {
        return path("output", words);
    }

    private static String path(String folder, List<String> words) {
        return Stream.of(List.of(folder), words, List.of("text"))
                .flatMap(List::stream)
                .collect(Collectors.joining("/"));
    }

    private static boolean allWords(List<String> words) {
        return words.stream().allMatch(word -> WORD.matcher(word).matches());
    }

    private static String styled(String text) {
        return Ansi.AUTO.enabled() ? text : STYLE.matcher(text).replaceAll("");
    }

    private Optional<String> read(String path) {
        return files.apply(path).map(in -> {
            try (in) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
