package dev.fairlead.gateway.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Ends a process that is out of memory, and says so: whatever thread it met has left its work half done, and nobody
 * knows which. What runs it starts it again. The launcher asks the JVM for the same
 * ({@code -XX:+ExitOnOutOfMemoryError}); this is for {@code java -jar}, where libraries catch the error and go on: what
 * they then log is seen here.
 */
public final class MemoryGuard extends TurboFilter {
    private static final int MOST_CAUSES = 16;

    /** Made ahead: there may be no memory for it then. */
    private final byte[] lastWords = ("fairlead: out of memory, the process ends. Give it more (-Xmx), or lower"
                    + " http.max_connections, http.max_bodies and http.max_unread.\n")
            .getBytes(StandardCharsets.UTF_8);

    private MemoryGuard() {}

    /** Watches this process from now on. */
    public static void install() {
        MemoryGuard guard = new MemoryGuard();
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            guard.setContext(context);
            guard.start();
            context.addTurboFilter(guard);
        }
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
            guard.look(failure);
            if (before != null) {
                before.uncaughtException(thread, failure);
            } else {
                LoggerFactory.getLogger(MemoryGuard.class).error("{} ended", thread.getName(), failure);
            }
        });
    }

    @Override
    public FilterReply decide(
            Marker marker, Logger logger, Level level, String format, Object[] parameters, Throwable failure) {
        look(failure);
        if (parameters != null) {
            for (Object parameter : parameters) {
                if (parameter instanceof Throwable thrown) {
                    look(thrown);
                }
            }
        }
        return FilterReply.NEUTRAL;
    }

    private void look(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
            if (cause instanceof OutOfMemoryError error && isOfMemory(error)) {
                end();
            }
            cause = cause.getCause();
        }
    }

    /** A thread that cannot be started is told by the same error; whoever wanted it deals with that. */
    private static boolean isOfMemory(OutOfMemoryError error) {
        return error.getMessage() == null || !error.getMessage().contains("native thread");
    }

    private void end() {
        try (FileOutputStream stderr = new FileOutputStream(FileDescriptor.err)) {
            stderr.write(lastWords);
        } catch (IOException e) {
            // nobody is there to be told
        } finally {
            Runtime.getRuntime().halt(ExitStatus.FAILED.code());
        }
    }
}
