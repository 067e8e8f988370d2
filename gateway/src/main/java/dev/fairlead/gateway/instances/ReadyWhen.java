package dev.fairlead.gateway.instances;

import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What shows that a program is ready once it runs: one of these, or none of them for a program that is ready as soon as
 * it runs.
 *
 * @param log a text in a line of its log, as it is seen; upper and lower case are the same
 * @param port of this machine that takes connections
 * @param http path on its own port; a GET is answered with a status below 400
 */
public record ReadyWhen(Optional<String> log, Optional<Integer> port, Optional<String> http) {
    /** As long as any text that a log is filtered by. */
    private static final int MAX_TEXT = 200;

    private static final int MAX_PORT = 65_535;

    /** Whether it names anything. */
    boolean isNone() {
        return log.isEmpty() && port.isEmpty() && http.isEmpty();
    }

    /** Refuses with {@code bad_request} what cannot be waited for. */
    ReadyWhen required() {
        if (Stream.of(log, port, http).filter(Optional::isPresent).count() > 1) {
            throw refused("Field 'ready_when' has one of log, port and http");
        }
        if (log.filter(text -> text.isBlank() || text.length() > MAX_TEXT || text.indexOf('\n') >= 0)
                .isPresent()) {
            throw refused("Field 'ready_when.log' is a text within one line, " + MAX_TEXT + " characters at most");
        }
        if (port.filter(one -> one < 1 || one > MAX_PORT).isPresent()) {
            throw refused("Field 'ready_when.port' is from 1 to " + MAX_PORT);
        }
        if (http.filter(path -> !HealthProbe.isPath(path)).isPresent()) {
            throw refused("Field 'ready_when.http' is a path: it begins with '/', and has no space or control"
                    + " character");
        }
        return this;
    }

    /** What it waits for, as it stands after "until". */
    String words() {
        return log.map(text -> "its log says '" + text + "'")
                .or(() -> port.map(one -> "port " + one + " takes connections"))
                .or(() -> http.map(path -> "GET " + path + " on its port is answered"))
                .orElse("it runs");
    }

    private static FairleadException refused(String why) {
        return new FairleadException(ErrorCode.BAD_REQUEST, why);
    }
}
