package dev.fairlead.gateway.faces.mcp;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.bus.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the edges of a node ask of what outlives one request over MCP, at its {@link #place}. Every request may also be
 * refused with {@code storage_unavailable}.
 */
final class McpCommands {
    private McpCommands() {}

    /** The bus place of a node. */
    static String place(String node) {
        return node + "/mcp";
    }

    /** Where a call of a tool is that a person must approve. */
    enum State {
        WAITING,
        RUNNING,
        DONE,
        FAILED,
        DENIED,
        EXPIRED,
        /** The gateway stopped in the middle: it may have been done, and a person decides whether it is made again. */
        DOUBTED;

        /** As it stands in JSON and in the store. */
        @JsonValue
        String wire() {
            return name().toLowerCase(Locale.ROOT);
        }

        static State of(String wire) {
            return Arrays.stream(values())
                    .filter(state -> state.wire().equals(wire))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("No state of a call: " + wire));
        }

        boolean open() {
            return waits() || this == RUNNING;
        }

        /** Whether a person is to answer. */
        boolean waits() {
            return this == WAITING || this == DOUBTED;
        }
    }

    /**
     * Keeps a call and asks a person. Refused with {@code busy} where too much waits already.
     *
     * @param holder whose key it is
     * @param args as the tool takes them
     * @param traceparent in the course of which trace
     */
    record Park(String holder, String actor, String address, String tool, JsonNode args, Optional<String> traceparent)
            implements Request<Parked> {
        @Override
        public String toString() {
            return "Park[" + tool + "]";
        }
    }

    /**
     * A call that was kept.
     *
     * @param expiresAt until when a person may answer, while one is waited for
     * @param result as the client is answered it; empty while there is none
     * @param traceparent in the course of which trace it was asked for: it is made in that one, whenever it is
     */
    record Parked(
            String id,
            String holder,
            String actor,
            String address,
            String tool,
            JsonNode args,
            State state,
            Instant createdAt,
            Instant changedAt,
            Optional<Instant> expiresAt,
            Optional<ObjectNode> result,
            Optional<String> traceparent) {
        Parked in(State next, Instant now, Optional<ObjectNode> outcome) {
            return changed(next, now, Optional.empty(), outcome);
        }

        Parked until(Instant expiry) {
            return changed(state, changedAt, Optional.of(expiry), result);
        }

        private Parked changed(State next, Instant at, Optional<Instant> expiry, Optional<ObjectNode> outcome) {
            return new Parked(
                    id, holder, actor, address, tool, args, next, createdAt, at, expiry, outcome, traceparent);
        }

        @Override
        public String toString() {
            return "Parked[" + id + ", " + tool + ", " + state + "]";
        }
    }

    /**
     * Tells where a call is. Refused with {@code not_found}, also where it is somebody else's.
     *
     * @param holder whose key asks; the operator sees all
     * @param patience how long to wait for its end
     */
    record Look(String id, String holder, Duration patience) implements Request<Parked> {}

    /**
     * Tells what became of a turn of a chat. Refused as the chat refuses to show the session.
     *
     * @param patience how long to wait for its end
     */
    record LookAtTurn(String sessionId, String turnId, String owner, Duration patience) implements Request<TurnSeen> {}

    /**
     * A turn.
     *
     * @param status {@code running}, {@code done}, {@code aborted} or {@code error}
     * @param answer what was said; so far, while it runs
     */
    record TurnSeen(String sessionId, String turnId, String status, String answer, Optional<String> problem) {
        @Override
        public String toString() {
            return "TurnSeen[" + turnId + ", " + status + "]";
        }
    }

    /**
     * Takes a call back that waits: it is not done any more. One that is under way or over stays as it is. Refused as
     * {@link Look}.
     */
    record TakeBack(String id, String holder) implements Request<Parked> {}

    /** The person at a client put the answer off: whoever waits for it there need not any more. */
    record PutOff(String id) implements Request<Noted> {}

    /** Begins an answer that comes in events; refused with {@code busy} where too many are under way. */
    record OpenStream(String holder, Optional<JsonNode> progressToken) implements Request<Opened> {}

    record Opened(String id) {}

    /** Adds an event. */
    record Append(String id, String event, boolean last) implements Request<Noted> {
        @Override
        public String toString() {
            return "Append[" + id + "]";
        }
    }

    /** Reads on; refused with {@code not_found} where nothing is kept, or for somebody else. */
    record ReadEvents(String id, String holder, int after, Duration patience) implements Request<Events> {}

    record Events(List<String> events, boolean ended) {
        Events {
            events = List.copyOf(events);
        }

        @Override
        public String toString() {
            return "Events[" + events.size() + "]";
        }
    }

    /**
     * Begins to tell a client what changes; refused with {@code busy} where too many listen.
     *
     * @param id of its request, which stands in all that it is told
     * @param list whether it hears that the list of resources changed
     * @param resources the addresses as it gave them, by their usual form
     */
    record Listen(String holder, JsonNode id, boolean list, Map<String, String> resources) implements Request<Opened> {
        Listen {
            resources = Map.copyOf(resources);
        }
    }

    /** Reads on after a change of a number; refused with {@code not_found} as {@link ReadEvents}. */
    record ReadChanges(String id, String holder, int after, Duration patience) implements Request<Changes> {}

    /**
     * What changed.
     *
     * @param number of the last of them
     * @param ended whether nothing more will come
     */
    record Changes(List<String> events, int number, boolean ended) {
        Changes {
            events = List.copyOf(events);
        }
    }

    /** A client said in its handshake whether it asks its person. */
    record Introduced(String holder, String agent, boolean asks) implements Request<Noted> {}

    /** Asks whether a client of the older era does. */
    record AsksPerson(String holder, String agent) implements Request<Known> {}

    record Known(boolean asks) {}

    record Noted() {}
}
