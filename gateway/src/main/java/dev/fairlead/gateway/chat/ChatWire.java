package dev.fairlead.gateway.chat;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.streams.EncodedFrames;
import io.vertx.core.Context;
import java.util.LinkedHashMap;
import java.util.Map;

/** Takes frames to the edges: encoded once, those of one turn of the event loop together. */
final class ChatWire {
    private static final class Due {
        private final EncodedFrames.Builder frames = new EncodedFrames.Builder();
        private final String except;

        Due(String except) {
            this.except = except;
        }
    }

    private final Bus bus;
    private final Context context;
    private final String place;
    private final Map<String, Due> due = new LinkedHashMap<>();
    private long position;
    private boolean scheduled;

    ChatWire(Bus bus, Context context, String place) {
        this.bus = bus;
        this.context = context;
        this.place = place;
    }

    void tell(String sessionId, Numbered told, String except) {
        Due now = due.get(sessionId);
        if (now != null && !now.except.equals(except)) {
            flush(sessionId);
            now = null;
        }
        if (now == null) {
            now = new Due(except);
            due.put(sessionId, now);
        }
        now.frames.add(told.encoded());
        if (!scheduled) {
            scheduled = true;
            context.runOnContext(turn -> {
                scheduled = false;
                Map.copyOf(due).keySet().forEach(this::flush);
            });
        }
    }

    void gone(String sessionId) {
        flush(sessionId);
        bus.publishAt(place, ChatDelivery.class, new ChatDelivery.Gone(sessionId));
    }

    /** Where a socket of a session that joins now stands: all frames before it have left. */
    long position(String sessionId) {
        flush(sessionId);
        return position;
    }

    private void flush(String sessionId) {
        Due now = due.remove(sessionId);
        if (now != null) {
            bus.publishAt(
                    place,
                    ChatDelivery.class,
                    new ChatDelivery.Frames(sessionId, ++position, now.frames.build(), now.except));
        }
    }
}
