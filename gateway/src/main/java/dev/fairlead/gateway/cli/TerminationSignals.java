package dev.fairlead.gateway.cli;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;

/**
 * SIGTERM and SIGINT: the first one asks to stop, a second one ends the process at once.
 *
 * <p>The JVM's own shutdown hooks can do neither: the process would exit with 143, and a second signal would be ignored
 * while they run. {@code sun.misc.Signal} is exported by the module jdk.unsupported; it is reached by reflection
 * because the compiler warns of its name, a warning that cannot be silenced.
 */
final class TerminationSignals {

    private static final int EXIT_BASE = 128;

    private TerminationSignals() {}

    /** Runs {@code stop}, once, on a thread of its own when the process is told to end. */
    static void onFirst(Runnable stop) {
        AtomicBoolean told = new AtomicBoolean();
        try {
            on(List.of("TERM", "INT"), number -> {
                if (told.compareAndSet(false, true)) {
                    stop.run();
                } else {
                    Runtime.getRuntime().halt(EXIT_BASE + number);
                }
            });
        } catch (ReflectiveOperationException e) {
            Runtime.getRuntime().addShutdownHook(new Thread(stop, "fairlead-stop"));
        }
    }

    /** Runs {@code interrupted} at each SIGINT, Ctrl-C; a SIGTERM runs {@code stop}. */
    static void onInterrupt(Runnable interrupted, Runnable stop) {
        onFirst(stop);
        try {
            on(List.of("INT"), number -> interrupted.run());
        } catch (ReflectiveOperationException e) {
            // Then Ctrl-C ends the process, as it does by itself.
        }
    }

    private static void on(List<String> names, IntConsumer action) throws ReflectiveOperationException {
        Class<?> signalType = Class.forName("sun.misc.Signal");
        Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
        Object handler = Proxy.newProxyInstance(
                handlerType.getClassLoader(), new Class<?>[] {handlerType}, (proxy, method, args) -> {
                    if (!method.getName().equals("handle")) {
                        return method.getName().equals("hashCode") ? 1 : proxy == args[0];
                    }
                    action.accept((Integer) signalType.getMethod("getNumber").invoke(args[0]));
                    return null;
                });
        for (String name : names) {
            Object signal = signalType.getConstructor(String.class).newInstance(name);
            signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, handler);
        }
    }
}
