package dev.fairlead.gateway.auth;

import dev.fairlead.gateway.time.TimeSource;
import io.netty.util.NetUtil;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Slows down the guessing of passwords: so many failed tries a minute from one address, and so many overall. A try
 * takes its place before the password is checked, so that tries sent at once do not slip through together, and gives it
 * back when the password was right. An IPv6 address counts for its /64, which is what one guesser has at hand. Loopback
 * is no exception. Thread-safe: one limiter serves all edges.
 *
 * <p>Who was let in before has tries of their own, so that nobody else's wrong ones keep them out.
 *
 * <p>Memory is bounded: there are never more places taken than the overall limit, and those of who is known.
 */
public final class LoginLimiter {
    private static final long WINDOW_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int IPV6_PREFIX_BYTES = 8;

    private record Try(long nanos, Source source) {}

    /** Whose try it is: an address's, or that of somebody who was let in before. */
    public record Source(String name, boolean known) {
        /** An IPv6 address counts for its /64. */
        public static Source address(String address) {
            return new Source(LoginLimiter.source(address), false);
        }

        /** A browser or command line by its {@link DeviceMarks mark}, which others' tries do not keep out. */
        public static Source device(String id) {
            return new Source(id, true);
        }
    }

    /** Bound on the tries held of those who are known; each of them has {@link #perAddress}. */
    private static final int MOST_KNOWN = 1024;

    private final int perAddress;
    private final int overall;
    private final TimeSource time;
    private final ArrayDeque<Try> tries = new ArrayDeque<>();
    private BiConsumer<Source, Boolean> told = (source, right) -> {};

    /** Limits count failed tries a minute. */
    public LoginLimiter(int perAddress, int overall, TimeSource time) {
        this.perAddress = perAddress;
        this.overall = overall;
        this.time = time;
    }

    /**
     * Takes a place for a try of {@code source}.
     *
     * @return empty if the password may be checked now; else how long to wait, and no place was taken
     */
    public synchronized Optional<Duration> take(Source source) {
        long now = time.nanos();
        forget(now);
        long fromThere = 0;
        long fromStrangers = 0;
        long oldestThere = now;
        long oldestStranger = now;
        for (Try one : tries) {
            if (!one.source.known() && fromStrangers++ == 0) {
                oldestStranger = one.nanos;
            }
            if (one.source.equals(source) && fromThere++ == 0) {
                oldestThere = one.nanos;
            }
        }
        long wait = -1;
        if (fromThere >= perAddress) {
            wait = oldestThere + WINDOW_NANOS - now;
        }
        if ((!source.known() && fromStrangers >= overall) || tries.size() >= overall + MOST_KNOWN) {
            wait = Math.max(wait, oldestStranger + WINDOW_NANOS - now);
        }
        if (wait >= 0) {
            return Optional.of(Duration.ofNanos(wait));
        }
        tries.addLast(new Try(now, source));
        told.accept(source, false);
        return Optional.empty();
    }

    /** Gives the place of a try back whose password was right. */
    public synchronized void giveBack(Source source) {
        told.accept(source, true);
        remove(source);
    }

    /** Has somebody told of each place that is taken, and of each that is given back. */
    public synchronized void tell(BiConsumer<Source, Boolean> listener) {
        told = listener;
    }

    /** A place was taken at another node, or given back there since the password was right. */
    public synchronized void elsewhere(Source source, boolean right) {
        long now = time.nanos();
        forget(now);
        if (right) {
            remove(source);
        } else if (tries.size() < overall + MOST_KNOWN) {
            tries.addLast(new Try(now, source));
        }
    }

    private void remove(Source source) {
        for (Iterator<Try> newestFirst = tries.descendingIterator(); newestFirst.hasNext(); ) {
            if (newestFirst.next().source.equals(source)) {
                newestFirst.remove();
                return;
            }
        }
    }

    private void forget(long now) {
        while (!tries.isEmpty() && now - tries.getFirst().nanos >= WINDOW_NANOS) {
            tries.removeFirst();
        }
    }

    private static String source(String address) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        if (bytes == null || bytes.length == 4) {
            return address;
        }
        if (isMappedIpv4(bytes)) {
            return NetUtil.bytesToIpAddress(Arrays.copyOfRange(bytes, 12, 16));
        }
        return HexFormat.of().formatHex(bytes, 0, IPV6_PREFIX_BYTES);
    }

    private static boolean isMappedIpv4(byte[] ipv6) {
        for (int i = 0; i < 10; i++) {
            if (ipv6[i] != 0) {
                return false;
            }
        }
        return ipv6[10] == (byte) 0xFF && ipv6[11] == (byte) 0xFF;
    }
}
