package dev.fairlead.gateway.settings;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * A text in YAML as its nodes, each with its line; nothing in it is made an object. What is wrong goes to a list, never
 * a part of the text: it may hold a secret.
 *
 * @param name of the text, for what is told of it
 */
public record YamlText(String name, List<String> problems) {
    private static final long MOST_BYTES = 1 << 20;

    /**
     * The text of a file of at most 1 MiB; empty where it cannot be read.
     *
     * @param what the file is, as a message begins: {@code The settings file}
     */
    public static Optional<String> read(String what, Path file, List<String> problems) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                problems.add(what + " " + file + " is larger than 1MiB");
                return Optional.empty();
            }
            return Optional.of(Files.readString(file));
        } catch (NoSuchFileException e) {
            problems.add(what + " " + file + " does not exist");
        } catch (CharacterCodingException e) {
            problems.add(what + " " + file + " is not UTF-8");
        } catch (IOException e) {
            problems.add(what + " " + file + " cannot be read: " + e.getClass().getSimpleName());
        }
        return Optional.empty();
    }

    /** Its root; empty where the text is, or is no YAML. */
    public Optional<Node> root(String yaml) {
        try {
            LoadSettings load = LoadSettings.builder().setLabel(name).build();
            return new Compose(load).composeString(yaml);
        } catch (MarkedYamlEngineException e) {
            // Its message quotes the line.
            problems.add(place(e.getProblemMark()) + ": not YAML (" + e.getContext() + " " + e.getProblem() + ")");
        } catch (YamlEngineException | IndexOutOfBoundsException | IllegalArgumentException e) {
            // The parser runs out of bounds on some ends of file that no text has, and on escapes without a character.
            problems.add(name + ": not YAML");
        } catch (StackOverflowError e) {
            problems.add(name + ": nested too deep");
        }
        return Optional.empty();
    }

    /** Where something stands: {@code line 7 of fleet.yaml}. */
    public String place(Optional<Mark> mark) {
        return mark.map(found -> "line " + (found.getLine() + 1) + " of ").orElse("") + name;
    }
}
