package dev.fairlead.gateway.cli;

import dev.fairlead.protocol.VisibleText;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A terminal, which what agents say must not steer: colours and other styles (SGR) pass, every other control character
 * is shown as what it is. A style may come in pieces; a return before a line feed is dropped.
 */
final class TerminalStream extends PrintStream {
    private static final List<String> TERMINALS = List.of("/dev/pts/", "/dev/tty", "/dev/console");
    private static final char ESCAPE = 0x1b;

    private final PrintStream plain;
    private final StringBuilder held = new StringBuilder(); // a style or a line's end that has not come whole

    TerminalStream(PrintStream plain) {
        super(plain, true, StandardCharsets.UTF_8);
        this.plain = plain;
    }

    /**
     * A stream of this process as it is to be written to: what is no terminal, as a pipe or a file, gets what there is.
     *
     * @param descriptor 1 for stdout, 2 for stderr
     */
    static PrintStream of(PrintStream stream, int descriptor) {
        return isTerminal(descriptor) ? new TerminalStream(stream) : stream;
    }

    /** The same stream without any of this. */
    static PrintStream raw(PrintStream stream) {
        return stream instanceof TerminalStream terminal ? terminal.plain : stream;
    }

    @Override
    public void print(String text) {
        super.print(passed(String.valueOf(text)));
    }

    @Override
    public void print(char c) {
        print(String.valueOf(c));
    }

    @Override
    public void print(Object value) {
        print(String.valueOf(value));
    }

    @Override
    public void println(String text) {
        print(text);
        println();
    }

    @Override
    public void println(Object value) {
        println(String.valueOf(value));
    }

    @Override
    public void println() {
        super.print(rest());
        super.println();
    }

    private synchronized String passed(String text) {
        String whole = held + text;
        held.setLength(0);
        StringBuilder shown = new StringBuilder(whole.length());
        int from = 0;
        for (int at = 0; at < whole.length(); at++) {
            char c = whole.charAt(at);
            boolean cut = c == ESCAPE && VisibleText.isUnfinished(whole, at);
            if (cut || (c == '\r' && at == whole.length() - 1)) {
                held.append(whole, at, whole.length());
                return shown.append(styled(whole, from, at)).toString();
            }
            if (c == '\r' && whole.charAt(at + 1) == '\n') {
                shown.append(styled(whole, from, at));
                from = at + 1;
            }
        }
        return shown.append(styled(whole, from, whole.length())).toString();
    }

    /** What a line ends with, its return dropped. */
    private synchronized String rest() {
        String end = held.toString().equals("\r") ? "" : VisibleText.styled(held.toString());
        held.setLength(0);
        return end;
    }

    private static String styled(String text, int from, int to) {
        return VisibleText.styled(text.substring(from, to));
    }

    private static boolean isTerminal(int descriptor) {
        Path link = Path.of("/proc/self/fd/" + descriptor);
        try {
            String target = Files.readSymbolicLink(link).toString();
            return TERMINALS.stream().anyMatch(target::startsWith);
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.<Console>ofNullable(System.console()).isPresent(); // no /proc: as well as it can be told
        }
    }
}
