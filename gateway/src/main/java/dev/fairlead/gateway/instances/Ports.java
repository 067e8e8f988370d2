package dev.fairlead.gateway.instances;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/** The TCP ports of this machine; binds to try, so for workers. */
final class Ports {
    private static final int LAST = 65_535;

    private Ports() {}

    /** Whether nothing on this machine listens there. */
    static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket(port)) {
            return probe.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /** The first free port from {@code base} on that is not taken by agreement. */
    static OptionalInt firstFree(int base, Set<Integer> taken) {
        return IntStream.rangeClosed(base, LAST)
                .filter(port -> !taken.contains(port) && isFree(port))
                .findFirst();
    }
}
