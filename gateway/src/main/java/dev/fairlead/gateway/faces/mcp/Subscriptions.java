package dev.fairlead.gateway.faces.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Who is to be told that something changed. Of each thing the last change counts alone, so that what is held for a
 * client does not grow, however slow it is or whatever it missed while its connection was cut.
 */
final class Subscriptions {
    /** What the names of subscriptions begin with. */
    static final String PREFIX = "listen-";

    private static final int MOST = 512;
    private static final int MOST_OF_ONE = 64;

    /** Changes of so long are told together: a log may have thousands of new lines a second. */
    private static final Duration GATHERED = Duration.ofMillis(200);

    /** After its client was last seen. */
    private static final Duration KEPT = Duration.ofMinutes(1);

    /** For what is said last to those who listen. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    /** What waits for that. */
    private static final String TOLD = PREFIX + "told";

    private static final String META = "io.modelcontextprotocol/subscriptionId";

    /** The list of resources, among the addresses of such. */
    private static final String LIST = "";

    private final TimeSource time;
    private final Scheduler scheduler;
    private final Waiters waiters;
    private final Map<String, Subscription> all = new HashMap<>();
    private final Map<String, Set<Subscription>> interested = new HashMap<>();
    /** Keys that hold no more, and when that was heard: what one of them asked for just before is not begun. */
    private final Map<String, Long> revoked = new HashMap<>();

    Subscriptions(TimeSource time, Scheduler scheduler, Waiters waiters) {
        this.time = time;
        this.scheduler = scheduler;
        this.waiters = waiters;
    }

    private static final class Subscription {
        private final String name;
        private final McpCommands.Listen wanted;
        private final Map<String, Integer> changes = new HashMap<>();
        private int last = 1; // that it is taken is told first
        private long seenAt; // in nanoseconds of the monotonic clock
        private boolean gathering;
        private boolean ended;

        Subscription(String name, McpCommands.Listen wanted, long now) {
            this.name = name;
            this.wanted = wanted;
            this.seenAt = now;
        }

        private Set<String> addresses() {
            Set<String> addresses = new HashSet<>(wanted.resources().keySet());
            if (wanted.list()) {
                addresses.add(LIST);
            }
            return addresses;
        }
    }

    /** Takes one in; refused with {@code busy} where there are too many, of that client or in all. */
    McpCommands.Opened open(McpCommands.Listen wanted) {
        if (revoked.containsKey(wanted.holder())) {
            throw new FairleadException(ErrorCode.UNAUTHORIZED, "The key was revoked");
        }
        long ofOne = all.values().stream()
                .filter(one -> one.wanted.holder().equals(wanted.holder()))
                .count();
        if (all.size() >= MOST || ofOne >= MOST_OF_ONE) {
            throw new FairleadException(
                    ErrorCode.BUSY, "Too many clients listen over MCP already; end a subscription and try again");
        }
        Subscription made = new Subscription(PREFIX + UUID.randomUUID(), wanted, time.nanos());
        all.put(made.name, made);
        made.addresses().forEach(address -> interested
                .computeIfAbsent(address, first -> new HashSet<>())
                .add(made));
        return new McpCommands.Opened(made.name);
    }

    /** The list of resources is another. */
    void listChanged() {
        changed(LIST);
    }

    /** What is at an address, in its usual form, is another. */
    void changed(String address) {
        interested.getOrDefault(address, Set.of()).forEach(one -> {
            one.changes.put(address, ++one.last);
            if (!one.gathering) {
                one.gathering = true;
                scheduler.after(GATHERED, () -> {
                    one.gathering = false;
                    waiters.ended(one.name);
                });
            }
        });
    }

    /** Whether anybody wants to hear of anything. */
    boolean any() {
        return !interested.isEmpty();
    }

    /** The addresses, in their usual form, that somebody wants to hear of. */
    Set<String> addresses() {
        return Set.copyOf(interested.keySet());
    }

    /** What changed after a number, waiting for it where nothing has; refused with {@code not_found}. */
    Future<McpCommands.Changes> read(McpCommands.ReadChanges read) {
        Subscription one = require(read);
        return one.ended || (one.last > read.after() && !one.gathering)
                ? Future.succeededFuture(told(one, read.after()))
                : waiters.await(one.name, read.patience()).map(heard -> told(require(read), read.after()));
    }

    private McpCommands.Changes told(Subscription one, int seen) {
        McpCommands.Changes changes = after(one, seen);
        if (one.ended) {
            forget(one);
            if (all.isEmpty()) {
                waiters.ended(TOLD);
            }
        }
        return changes;
    }

    private Subscription require(McpCommands.ReadChanges read) {
        Subscription found = Optional.ofNullable(all.get(read.id()))
                .filter(one -> one.wanted.holder().equals(read.holder()))
                .filter(one -> read.after() >= 0 && read.after() <= one.last)
                .orElseThrow(() -> new FairleadException(
                        ErrorCode.NOT_FOUND, "No such subscription is kept (any more); listen and read anew"));
        found.seenAt = time.nanos();
        return found;
    }

    private static McpCommands.Changes after(Subscription one, int seen) {
        List<String> events = new ArrayList<>();
        if (seen < 1) {
            events.add(FrameCodec.text(acknowledged(one)));
        }
        one.changes.entrySet().stream()
                .filter(change -> change.getValue() > seen)
                .sorted(Map.Entry.comparingByValue())
                .forEach(change -> events.add(FrameCodec.text(news(one, change.getKey()))));
        if (one.ended) {
            ObjectNode answer = FrameCodec.object().put("jsonrpc", RpcMessage.VERSION);
            answer.set("id", one.wanted.id());
            stamped(one, answer.putObject("result").put("resultType", "complete"));
            events.add(FrameCodec.text(answer));
        }
        return new McpCommands.Changes(events, one.last, one.ended);
    }

    private static ObjectNode acknowledged(Subscription one) {
        ObjectNode told = notification("notifications/subscriptions/acknowledged");
        ObjectNode honoured = stamped(one, told.putObject("params")).putObject("notifications");
        if (one.wanted.list()) {
            honoured.put("resourcesListChanged", true);
        }
        if (!one.wanted.resources().isEmpty()) {
            one.wanted.resources().values().forEach(honoured.putArray("resourceSubscriptions")::add);
        }
        return told;
    }

    private static ObjectNode news(Subscription one, String address) {
        ObjectNode told = notification(
                address.equals(LIST) ? "notifications/resources/list_changed" : "notifications/resources/updated");
        ObjectNode params = stamped(one, told.putObject("params"));
        if (!address.equals(LIST)) {
            params.put("uri", one.wanted.resources().get(address));
        }
        return told;
    }

    private static ObjectNode notification(String method) {
        return FrameCodec.object().put("jsonrpc", RpcMessage.VERSION).put("method", method);
    }

    /** What does not say which subscription it is of is heard by none of the clients. */
    private static ObjectNode stamped(Subscription one, ObjectNode params) {
        params.putObject("_meta").set(META, one.wanted.id());
        return params;
    }

    /** Ends them all in order, for the gateway stops; completes when all were told, or that takes too long. */
    Future<Void> end() {
        if (all.isEmpty()) {
            return Future.succeededFuture();
        }
        Future<Void> told = waiters.await(TOLD, LAST_WORDS);
        List.copyOf(all.values()).forEach(one -> {
            one.ended = true;
            waiters.ended(one.name);
        });
        return told;
    }

    /** Those of a key that holds no more are cut off. */
    void forgetHolder(String holder) {
        revoked.put(holder, time.nanos());
        List.copyOf(all.values()).stream()
                .filter(one -> one.wanted.holder().equals(holder))
                .forEach(this::forget);
    }

    /** Those whose clients went go. */
    void prune() {
        long before = time.nanos() - KEPT.toNanos();
        revoked.values().removeIf(at -> at - before < 0);
        List.copyOf(all.values()).stream()
                .filter(one -> one.seenAt - before < 0)
                .forEach(this::forget);
    }

    private void forget(Subscription one) {
        all.remove(one.name);
        one.addresses()
                .forEach(address -> interested.computeIfPresent(address, (key, those) -> {
                    those.remove(one);
                    return those.isEmpty() ? null : those;
                }));
        waiters.ended(one.name);
    }
}
