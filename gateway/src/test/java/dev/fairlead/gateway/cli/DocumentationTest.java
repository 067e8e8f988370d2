package dev.fairlead.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What the documentation points at is there, and what it has people type is taken. */
class DocumentationTest {
    private static final Path TOP = Path.of("..");
    private static final Path README = TOP.resolve("README.md");
    /** What fits on one screen and the tour below it. */
    private static final int README_LINES = 110;

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern TYPED = Pattern.compile("(?m)^\\$ (.*)$");
    private static final Pattern COMMAND = Pattern.compile("(?:^|\\(| )fairlead ([a-z][^|;)]*)");
    private static final Pattern MENTIONED = Pattern.compile("`fairlead ([a-z][^`]*)`");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    @TempDir
    Path home;

    @Test
    void the_readme_is_short_and_leads_to_every_page() throws IOException {
        String readme = Files.readString(README);
        assertThat(readme.lines().count()).isLessThanOrEqualTo(README_LINES);
        for (Path page : pages()) {
            assertThat(readme).contains("](" + TOP.relativize(page) + ")");
        }
    }

    @Test
    void every_link_leads_somewhere() throws IOException {
        List<String> dead = new ArrayList<>();
        for (Path page : all()) {
            Matcher links = LINK.matcher(Files.readString(page));
            while (links.find()) {
                String link = links.group(1);
                if (!link.contains("://") && !leadsSomewhere(page, link)) {
                    dead.add(page + ": " + link);
                }
            }
        }
        assertThat(dead).isEmpty();
    }

    @Test
    void every_command_that_is_shown_is_taken_as_it_stands() throws IOException {
        List<String> refused = new ArrayList<>();
        CommandLine line = FairleadCommand.commandLine(new TestConsole(home).console());
        int seen = 0;
        for (Path page : all()) {
            Matcher typed = TYPED.matcher(Files.readString(page));
            while (typed.find()) {
                Matcher command = COMMAND.matcher(typed.group(1));
                if (command.find()) {
                    seen++;
                    refusal(line, command.group(1)).ifPresent(why -> refused.add(page + ": " + why.getMessage()));
                }
            }
        }
        assertThat(refused).isEmpty();
        assertThat(seen).isGreaterThan(10);
    }

    /** Words in capitals stand for others there, so that only names of commands and options are looked at. */
    @Test
    void every_command_that_is_mentioned_exists_with_its_options() throws IOException {
        CommandLine line = FairleadCommand.commandLine(new TestConsole(home).console());
        List<String> refused = new ArrayList<>();
        for (Path page : all()) {
            Matcher mentioned = MENTIONED.matcher(Files.readString(page).replace('\n', ' '));
            while (mentioned.find()) {
                String command = mentioned.group(1).replace("…", "").replaceAll("\\[.*?]", "");
                refusal(line, command.toLowerCase(Locale.ROOT))
                        .filter(UnmatchedArgumentException.class::isInstance)
                        .ifPresent(why -> refused.add(page + ": " + mentioned.group() + ": " + why.getMessage()));
            }
        }
        assertThat(refused).isEmpty();
    }

    private static Optional<ParameterException> refusal(CommandLine line, String command) {
        String[] words = WORD.matcher(command)
                .results()
                .map(word -> word.group(1) == null ? word.group(2) : word.group(1))
                .takeWhile(word -> !word.equals("&") && !word.startsWith(">"))
                .toArray(String[]::new);
        try {
            line.parseArgs(words);
            return Optional.empty();
        } catch (ParameterException e) {
            return Optional.of(e);
        }
    }

    private static boolean leadsSomewhere(Path page, String link) throws IOException {
        String[] parts = link.split("#", 2);
        Path to = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
        if (!Files.exists(to)) {
            return false;
        }
        return parts.length == 1 || anchors(Files.readString(to)).contains(parts[1]);
    }

    private static List<String> anchors(String text) {
        return text.lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9 _-]", "")
                        .replace(' ', '-'))
                .toList();
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.list(TOP.resolve("gateway").resolve("docs"))) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    private static List<Path> all() throws IOException {
        List<Path> all = new ArrayList<>(pages());
        all.add(README);
        all.add(TOP.resolve(".github").resolve("SECURITY.md"));
        all.add(TOP.resolve(".github").resolve("CONTRIBUTING.md"));
        return all;
    }
}
