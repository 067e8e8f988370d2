package dev.fairlead.gateway.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A console in memory, with an environment of its own. */
final class TestConsole {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();
    private final Path home;
    private String in = "";

    TestConsole(Path home) {
        this.home = home;
    }

    TestConsole with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    String variable(String name) {
        return environment.get(name);
    }

    TestConsole typing(String text) {
        in = text;
        return this;
    }

    int run(String... args) {
        return FairleadCommand.execute(console(), args);
    }

    Console console() {
        return new Console(
                new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment,
                home);
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
