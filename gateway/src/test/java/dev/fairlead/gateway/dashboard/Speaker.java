package dev.fairlead.gateway.dashboard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;

/** What a running program says on its output: line by line what the test wants it to. */
final class Speaker {
    private final Path file;

    Speaker(Path file) {
        this.file = file;
        say(List.of());
    }

    Path file() {
        return file;
    }

    void say(String... lines) {
        say(List.of(lines));
    }

    /** Says {@code prefix} with each number of the range behind it. */
    void count(String prefix, int from, int to) {
        say(IntStream.rangeClosed(from, to).mapToObj(i -> prefix + i).toList());
    }

    private void say(Collection<String> lines) {
        String text = lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
        try {
            Files.writeString(file, text, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
