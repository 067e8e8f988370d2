package dev.fairlead.gateway.chat;

import dev.fairlead.gateway.streams.EncodedFrames;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Brings those who look at a session to where the others are: what is kept comes from the store, what the turn that
 * runs has told from memory, and nothing twice.
 */
final class Viewing {
    private final ChatBacklog backlog;
    private final ChatQueries queries;
    private final Chats chats;
    private final Map<String, SessionOutlet> outlets;
    private final ChatWire wire;

    Viewing(ChatBacklog backlog, ChatQueries queries, Chats chats, Map<String, SessionOutlet> outlets, ChatWire wire) {
        this.backlog = backlog;
        this.queries = queries;
        this.chats = chats;
        this.outlets = outlets;
        this.wire = wire;
    }

    Future<ChatCommands.Attached> attach(ChatCommands.Attach attach) {
        if (attach.after().isEmpty()) {
            return Future.succeededFuture(
                    attached(attach.sessionId(), 0, running(attach.sessionId()), Optional.empty()));
        }
        return after(
                attach.sessionId(),
                attach.after().get(),
                page -> attached(attach.sessionId(), attach.after().get(), page.frames(), page.upTo()));
    }

    Future<ChatCommands.Entries> entries(ChatCommands.GetEntries asked) {
        return queries.require(asked.sessionId(), asked.owner())
                .compose(session -> after(
                        asked.sessionId(),
                        asked.after(),
                        page -> new ChatCommands.Entries(
                                page.frames().stream()
                                        .map(frame -> FrameCodec.tree(frame.encoded()))
                                        .toList(),
                                page.upTo().isPresent())));
    }

    /** What a socket that has seen nothing is shown: the turn that runs, and calls that wait for a person. */
    private List<Numbered> running(String sessionId) {
        List<Numbered> shown = new ArrayList<>();
        SessionOutlet outlet = outlets.get(sessionId);
        if (outlet != null) {
            shown.addAll(outlet.replay().frames());
        }
        shown.addAll(chats.find(sessionId).map(ChatSession::waitingCalls).orElse(List.of()));
        return shown;
    }

    /** A turn that ends while the store is read may be found in neither: then it is read again. */
    private <T> Future<T> after(String sessionId, long n, Function<ChatBacklog.Page, T> then) {
        Optional<SessionOutlet> before = Optional.ofNullable(outlets.get(sessionId));
        long changes = before.map(SessionOutlet::changes).orElse(0L);
        return backlog.after(sessionId, n).compose(page -> {
            Optional<SessionOutlet> now = Optional.ofNullable(outlets.get(sessionId));
            if (before.isPresent() && (!now.equals(before) || now.get().changes() != changes)) {
                return after(sessionId, n, then);
            }
            return Future.succeededFuture(
                    then.apply(now.map(outlet -> together(page, outlet, n)).orElse(page)));
        });
    }

    private static ChatBacklog.Page together(ChatBacklog.Page page, SessionOutlet outlet, long n) {
        TreeMap<Long, Numbered> all = new TreeMap<>();
        // What is kept but not told yet is told to this one, too.
        page.frames().stream()
                .filter(frame -> frame.n() <= outlet.lastTold())
                .forEach(frame -> all.put(frame.n(), frame));
        if (page.upTo().isEmpty()) {
            outlet.replay().framesAfter(n).forEach(frame -> all.put(frame.n(), frame));
        }
        return new ChatBacklog.Page(List.copyOf(all.values()), page.upTo());
    }

    private ChatCommands.Attached attached(
            String sessionId, long after, Collection<Numbered> shown, Optional<Long> more) {
        EncodedFrames.Builder frames = new EncodedFrames.Builder();
        shown.forEach(frame -> frames.add(frame.encoded()));
        long n = shown.stream().mapToLong(Numbered::n).reduce(after, Math::max);
        return new ChatCommands.Attached(wire.position(sessionId), n, frames.build(), more);
    }
}
