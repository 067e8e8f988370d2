package dev.fairlead.gateway.demo.agent;

import java.io.PrintStream;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** An agent's log: a line an event, with a time of day and, for terminals and dashboards, colours. */
final class AgentLog {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");
    private static final String DIM = "\u001B[2m";
    private static final String RESET = "\u001B[0m";

    private enum Level {
        DEBUG("\u001B[36m"),
        INFO("\u001B[32m"),
        WARN("\u001B[33m"),
        ERROR("\u001B[31m");

        private final String colour;

        Level(String colour) {
            this.colour = colour;
        }
    }

    private final PrintStream out;
    private final InstantSource time;

    AgentLog(PrintStream out, InstantSource time) {
        this.out = out;
        this.time = time;
    }

    void debug(String text) {
        line(Level.DEBUG, text);
    }

    void info(String text) {
        line(Level.INFO, text);
    }

    void warn(String text) {
        line(Level.WARN, text);
    }

    void error(String text) {
        line(Level.ERROR, text);
    }

    private void line(Level level, String text) {
        String at = TIME.format(time.instant().atZone(ZoneId.systemDefault()));
        out.println(DIM + at + RESET + " " + level.colour + String.format("%-5s", level) + RESET + " " + text);
        out.flush();
    }
}
