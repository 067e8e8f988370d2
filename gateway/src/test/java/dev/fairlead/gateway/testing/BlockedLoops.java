package dev.fairlead.gateway.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.AppenderBase;
import io.vertx.core.VertxOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Fails a test in which an event loop was held for longer than 100 ms. What a JVM does once in its life does not count,
 * and is told by the stack: loading and linking classes, working out how a record is bound to JSON, and, as long as it
 * is no call to the system, the start of a verticle, which is that for the most part and keeps nobody waiting. Nor does
 * the time for which the machine had no core for the loop ({@link LoopTimes}), unless it is in the midst of a call to
 * the system.
 */
public final class BlockedLoops implements BeforeTestExecutionCallback, AfterTestExecutionCallback {
    private static final long LIMIT_MILLIS = 100;
    private static final String CHECKER = "io.vertx.core.impl.BlockedThreadChecker";
    private static final Pattern BLOCKED = Pattern.compile("Thread\\[(?:#\\d+,)?([^,]+),.*blocked for (\\d+) ms");
    private static final List<String> SYSTEM_CALLS = List.of(
            "java.io.", "java.net.", "sun.nio.fs.", "sun.nio.ch.File", "sun.nio.ch.UnixFile", "java.lang.Process");
    private static final String DEPLOYMENT = "io.vertx.core.impl.deployment.DefaultDeployment";
    private static final int SHOWN_FRAMES = 25;

    private LoopTimes times; // of the test under way

    private final Queue<String> seen = new ConcurrentLinkedQueue<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            IThrowableProxy where = event.getThrowableProxy();
            if (where == null || !isExcused(event.getFormattedMessage(), where.getStackTraceElementProxyArray())) {
                seen.add(event.getFormattedMessage() + stack(where));
            }
        }
    };

    /** Options under which the event loops are watched. */
    public static VertxOptions watched(VertxOptions options) {
        return options.setBlockedThreadCheckInterval(LIMIT_MILLIS / 2)
                .setBlockedThreadCheckIntervalUnit(TimeUnit.MILLISECONDS)
                .setMaxEventLoopExecuteTime(LIMIT_MILLIS)
                .setMaxEventLoopExecuteTimeUnit(TimeUnit.MILLISECONDS)
                .setWarningExceptionTime(LIMIT_MILLIS)
                .setWarningExceptionTimeUnit(TimeUnit.MILLISECONDS);
    }

    @Override
    public void beforeTestExecution(ExtensionContext context) {
        seen.clear();
        times = new LoopTimes();
        appender.start();
        Logger checker = (Logger) LoggerFactory.getLogger(CHECKER);
        checker.setLevel(Level.WARN); // libraries are quieter than that where no gateway was told how to log
        checker.addAppender(appender);
    }

    @Override
    public void afterTestExecution(ExtensionContext context) throws InterruptedException {
        ((Logger) LoggerFactory.getLogger(CHECKER)).detachAppender(appender);
        times.end();
        if (!seen.isEmpty()) {
            throw new AssertionError("An event loop was blocked: " + seen);
        }
    }

    /** A loop that waits for the network is not held, however late the checker came to look. */
    private boolean isExcused(String message, StackTraceElementProxy[] stack) {
        boolean waits = stack.length > 0
                && stack[0].getStackTraceElement().getClassName().equals("sun.nio.ch.EPoll");
        return waits || happensOnce(stack) || isStart(stack) || hadNoCore(message, stack);
    }

    private boolean hadNoCore(String message, StackTraceElementProxy[] stack) {
        Matcher blocked = BLOCKED.matcher(message);
        return stack.length > 0
                && !isSystemCall(stack[0].getStackTraceElement())
                && blocked.find()
                && times.spent(blocked.group(1), Long.parseLong(blocked.group(2))) < LIMIT_MILLIS;
    }

    /** Of what waits for a disk or another process the thread's times show nothing. */
    private static boolean isSystemCall(StackTraceElement frame) {
        return frame.isNativeMethod()
                && SYSTEM_CALLS.stream().anyMatch(call -> frame.getClassName().startsWith(call));
    }

    private static boolean happensOnce(StackTraceElementProxy[] stack) {
        return Arrays.stream(stack)
                .map(StackTraceElementProxy::getStackTraceElement)
                .anyMatch(frame -> frame.getClassName().startsWith("java.lang.ClassLoader")
                        || frame.getClassName().startsWith("jdk.internal.loader.")
                        || frame.getClassName().startsWith("java.lang.invoke.")
                        || frame.getClassName().startsWith("com.fasterxml.jackson.databind.ser.BeanSerializerFactory")
                        || frame.getClassName().startsWith("com.fasterxml.jackson.databind.ser.SerializerCache")
                        || frame.getClassName().startsWith("com.fasterxml.jackson.databind.introspect.")
                        || frame.getClassName().startsWith("com.fasterxml.jackson.databind.deser.DeserializerCache")
                        || frame.getMethodName().equals("<clinit>"));
    }

    private static boolean isStart(StackTraceElementProxy[] stack) {
        return stack.length > 0
                && !isSystemCall(stack[0].getStackTraceElement())
                && Arrays.stream(stack)
                        .map(StackTraceElementProxy::getStackTraceElement)
                        .anyMatch(frame -> frame.getClassName().startsWith(DEPLOYMENT)
                                && frame.getMethodName().startsWith("lambda$deploy$"));
    }

    private static String stack(IThrowableProxy where) {
        return where == null
                ? ""
                : Arrays.stream(where.getStackTraceElementProxyArray())
                        .limit(SHOWN_FRAMES)
                        .map(frame -> "\n    at " + frame.getStackTraceElement())
                        .collect(Collectors.joining());
    }
}
