package dev.fairlead.gateway.logs;

import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.VisibleText;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the lines remote agents send: what comes while a write is under way leaves together in the next one. On one
 * event loop.
 */
final class LogAppender {
    /** Most bytes that wait to be written to one log. */
    static final int MAX_WAITING = 1 << 20;

    private static final Logger log = LoggerFactory.getLogger(LogAppender.class);

    private static final class Waiting {
        private ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private Promise<Void> written = Promise.promise();
        private boolean writing;
    }

    private final Logs logs;
    private final Map<String, Waiting> all = new HashMap<>();

    LogAppender(Logs logs) {
        this.logs = logs;
    }

    /** Appends lines; done when the file has them. */
    Future<LogCommands.Appended> append(LogCommands.Append request) {
        byte[] bytes = bytes(request.lines());
        Waiting waiting = all.computeIfAbsent(request.name(), ignored -> new Waiting());
        if (waiting.bytes.size() > 0 && waiting.bytes.size() + bytes.length > MAX_WAITING) {
            return Future.failedFuture(
                    new FairleadException(ErrorCode.BUSY, "Lines come faster than they can be written; try again"));
        }
        waiting.bytes.writeBytes(bytes);
        Future<Void> written = waiting.written.future();
        if (!waiting.writing) {
            write(request.name(), waiting);
        }
        return written.map(new LogCommands.Appended(request.lines().size()));
    }

    private void write(String name, Waiting waiting) {
        byte[] bytes = waiting.bytes.toByteArray();
        Promise<Void> written = waiting.written;
        waiting.bytes = new ByteArrayOutputStream();
        waiting.written = Promise.promise();
        waiting.writing = true;
        logs.with(name, open -> {
                    open.append(bytes);
                    return null;
                })
                .onComplete(done -> {
                    waiting.writing = false;
                    if (waiting.bytes.size() > 0) {
                        write(name, waiting);
                    } else {
                        all.remove(name);
                    }
                    if (done.succeeded()) {
                        written.complete();
                    } else {
                        written.fail(refusal(name, done.cause()));
                    }
                });
    }

    private static Throwable refusal(String name, Throwable failure) {
        if (!(failure instanceof IOException)) {
            return failure;
        }
        log.warn("The log of agent '{}' cannot be written", name, failure);
        return new FairleadException(ErrorCode.STORAGE_UNAVAILABLE, "The log cannot be written; see the gateway's log");
    }

    /** Whoever reads the file, with whatever, must not have his terminal steered by an agent. */
    private static byte[] bytes(List<String> lines) {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(VisibleText.styled(line)).append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
