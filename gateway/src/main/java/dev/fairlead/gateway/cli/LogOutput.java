package dev.fairlead.gateway.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.settings.Settings.LogFormat;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway's own log, on stderr: text, or JSON lines. Found by logback as its configuration, for every command quiet
 * until {@code serve} says otherwise; made by hand because reading an XML file costs the start 60 ms.
 */
public final class LogOutput extends ContextAwareBase implements Configurator {

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        // What a library warns of is no business of who typed a command: the command says what became of it.
        write(context, LogFormat.TEXT, Level.WARN, Level.ERROR);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Follows the settings: their level is that of our own classes, libraries speak from {@code warn} on. */
    static void follow(Settings.Log log) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.reset();
            Level level = Level.toLevel(log.level().name());
            write(context, log.format(), level, level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN);
        }
    }

    private static void write(LoggerContext context, LogFormat format, Level level, Level libraries) {
        ConsoleAppender<ILoggingEvent> stderr = new ConsoleAppender<>();
        stderr.setContext(context);
        stderr.setName("stderr");
        stderr.setTarget("System.err");
        stderr.setEncoder(format == LogFormat.JSON ? json(context) : text(context));
        stderr.start();
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.addAppender(stderr);
        root.setLevel(libraries);
        context.getLogger("dev.fairlead").setLevel(level);
        // Migrations say again and again that out-of-order is on, as it is meant to be.
        context.getLogger("org.flywaydb").setLevel(Level.ERROR);
        // News that was on its way to a concern when that stopped is of no use to anybody.
        context.getLogger("io.vertx.core.eventbus.impl.MessageConsumerImpl").setLevel(Level.ERROR);
        // What it meets it throws as well; it is told once, in a line, by whoever needed the database.
        context.getLogger("com.zaxxer.hikari").setLevel(Level.OFF);
        // A connection that ended while it waited to be used again: another one is made.
        context.getLogger("io.vertx.core.http.impl.HttpClientConnectionInternal")
                .setLevel(Level.ERROR);
        // A connection that came in the moment in which the last listener went: it is closed.
        context.getLogger("io.netty.bootstrap.ServerBootstrap").setLevel(Level.ERROR);
        // A peer that broke a connection is told by the call that needed it, where that matters.
        context.getLogger("io.vertx.core.net.impl.ConnectionBase").setLevel(Level.OFF);
    }

    private static Encoder<ILoggingEvent> text(LoggerContext context) {
        TextLayout layout = new TextLayout();
        layout.setContext(context);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setLayout(layout);
        encoder.start();
        return encoder;
    }

    private static Encoder<ILoggingEvent> json(LoggerContext context) {
        JsonEncoder encoder = new JsonEncoder();
        encoder.setContext(context);
        encoder.setWithContext(false);
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        encoder.setWithFormattedMessage(true);
        encoder.start();
        return encoder;
    }
}
