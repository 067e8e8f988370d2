package dev.fairlead.gateway.faces.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.bus.Request;
import java.util.Optional;

/**
 * What can be asked of the OpenAI face of a node, at its {@link #place}. Refusals in the API's own words are answers,
 * too; what fails is the gateway's doing. What was said does not show in {@code toString}.
 */
public final class OpenAiCommands {
    private OpenAiCommands() {}

    /** The bus place of a node's face. */
    public static String place(String node) {
        return node + "/openai";
    }

    /**
     * Who asks.
     *
     * @param owner as their credentials prove
     * @param changes whether what they ask for may change something without a person's approval
     * @param traceparent in the course of which trace
     */
    public record Asker(String owner, String address, boolean changes, Optional<String> traceparent) {}

    /**
     * What is answered: a body, or the turn whose answer is to be waited for or read as a stream.
     *
     * @param status of HTTP
     * @param mayRetry false where the client is told not to send the same again
     */
    public record Reply(int status, JsonNode body, boolean mayRetry, Optional<Open> open) {
        static Reply ok(JsonNode body) {
            return new Reply(200, body, true, Optional.empty());
        }

        static Reply of(ApiError error) {
            return new Reply(error.status(), error.body(), error.mayRetry(), Optional.empty());
        }

        @Override
        public String toString() {
            return "Reply[" + status + "]";
        }
    }

    /**
     * A turn with more to come.
     *
     * @param sessionId in which the chat tells of it
     * @param streamed whether its events are to be read, or its end be awaited
     * @param after the number of the last event that the client has; -1 for none
     */
    public record Open(String run, String sessionId, boolean streamed, long after) {}

    /** Asks for all models. */
    public record ListModels() implements Request<Reply> {}

    public record GetModel(String id) implements Request<Reply> {}

    /**
     * {@code POST /v1/chat/completions}.
     *
     * @param again whether the client says that it has sent the same before
     */
    public record Complete(Asker asker, JsonNode body, boolean again) implements Request<Reply> {
        @Override
        public String toString() {
            return "Complete[" + asker + "]";
        }
    }

    /**
     * {@code POST /v1/responses}.
     *
     * @param again whether the client says that it has sent the same before
     */
    public record Respond(Asker asker, JsonNode body, boolean again) implements Request<Reply> {
        @Override
        public String toString() {
            return "Respond[" + asker + "]";
        }
    }

    /**
     * Asks for a response.
     *
     * @param streamed whether its events are asked for
     * @param after those above this number
     */
    public record Retrieve(Asker asker, String id, boolean streamed, long after) implements Request<Reply> {}

    public record Cancel(Asker asker, String id) implements Request<Reply> {}

    public record Delete(Asker asker, String id) implements Request<Reply> {}

    public record InputItems(Asker asker, String id) implements Request<Reply> {}

    public record CreateConversation(Asker asker, JsonNode body) implements Request<Reply> {
        @Override
        public String toString() {
            return "CreateConversation[" + asker + "]";
        }
    }

    public record GetConversation(Asker asker, String id) implements Request<Reply> {}

    public record UpdateConversation(Asker asker, String id, JsonNode body) implements Request<Reply> {}

    public record DeleteConversation(Asker asker, String id) implements Request<Reply> {}

    public record AddItems(Asker asker, String id, JsonNode body) implements Request<Reply> {
        @Override
        public String toString() {
            return "AddItems[" + asker + "]";
        }
    }

    public record ConversationItems(Asker asker, String id) implements Request<Reply> {}

    /** Waits for the end of a turn; answered with an {@link Open} one where it takes longer. */
    public record Await(Asker asker, String run) implements Request<Reply> {}

    /**
     * Reads on in the events of a turn.
     *
     * @param heard the position of what who asks has last heard the chat tell of any session
     */
    public record Read(Asker asker, String run, long after, long heard) implements Request<Piece> {}

    /**
     * Events, as they go over the wire; a comment where none came in a while.
     *
     * @param after the number of the last of them
     * @param last whether none come after
     * @param live where who asked can go on by what the chat tells; empty where they read on
     */
    public record Piece(String events, long after, boolean last, Optional<Live> live) {
        @Override
        public String toString() {
            return "Piece[" + after + "]";
        }
    }

    /**
     * A turn as far as it was told at a position of the chat: with this at hand, what is told above it is turned into
     * the same events, with the same numbers, as are kept here.
     */
    public record Live(Run.Facts facts, long position, Run.State state) {
        @Override
        public String toString() {
            return "Live[" + facts.id() + ", " + position + "]";
        }
    }
}
