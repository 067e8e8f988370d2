package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What was told in a session so far.
 *
 * @param frames the latest, oldest first
 * @param last the number of the last
 */
record EditorHistory(List<JsonNode> frames, long last) {
    /** Frames that an editor is told of a session that is loaded. */
    private static final int MOST = 5_000;

    EditorHistory {
        frames = List.copyOf(frames);
    }

    /** Reads it, page by page; empty where there is no such session. It waits. */
    static Optional<EditorHistory> read(GatewayCalls calls, String session) {
        Deque<JsonNode> frames = new ArrayDeque<>();
        long last = 0;
        while (true) {
            Optional<JsonNode> page =
                    calls.find("/api/sessions/" + GatewayCommand.encoded(session) + "/entries?after=" + last);
            if (page.isEmpty()) {
                return Optional.empty();
            }
            for (JsonNode frame : page.get().path("entries")) {
                frames.addLast(frame);
                last = frame.path("n").asLong();
                if (frames.size() > MOST) {
                    frames.removeFirst();
                }
            }
            if (!page.get().path("more").asBoolean()) {
                return Optional.of(new EditorHistory(List.copyOf(frames), last));
            }
        }
    }
}
