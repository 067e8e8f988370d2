package dev.fairlead.gateway.tools;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * The gateway's tools as one turn may use them. A call is the whole way: the arguments are checked, {@code tool_call}
 * is told to the session's sockets, a person is waited for where one must approve, the tool is called, the call is
 * audited, {@code tool_result} is kept and told. The agent does none of that itself.
 */
public interface ToolBox {
    /** What is there. */
    List<ToolDefinition> offered();

    /**
     * Calls a tool. Calls of one turn may overlap; there are at most {@link #MAX_CALLS} in a turn.
     *
     * @param args an object; an empty one where the model gave none. Arguments that were not even JSON go through
     *     {@link #refuse}
     * @param origin the call as its provider sent it: kept with it, and in the history of later turns
     * @return what came of it, good or bad; fails only where the turn has ended meanwhile
     */
    Future<Outcome> call(String name, JsonNode args, Optional<JsonNode> origin);

    /** A call that nobody else sent. */
    default Future<Outcome> call(String name, JsonNode args) {
        return call(name, args, Optional.empty());
    }

    /** A call that is none, because what the model sent as its arguments is no JSON object; told like any other. */
    Future<Outcome> refuse(String name, String why, Optional<JsonNode> origin);

    /** Most calls in one turn; further ones come out as {@link Status#FAILED} and say so. */
    int MAX_CALLS = 64;

    /** How a call ended. */
    enum Status {
        OK,
        /** Unknown tool, bad arguments, or the tool refused: the output says why. */
        FAILED,
        /** A person said no. */
        DENIED,
        /** No person said anything in time. */
        EXPIRED
    }

    /**
     * What came of a call.
     *
     * @param id as the session's frames and history have it, unique there; not what a provider called it
     * @param output what a model is to read of it, whatever the status: at most {@link #MAX_OUTPUT} characters
     */
    record Outcome(String id, String name, Status status, String output) {}

    /** Most characters of an output; longer ones are cut and say so at their end. */
    int MAX_OUTPUT = 32_768;
}
