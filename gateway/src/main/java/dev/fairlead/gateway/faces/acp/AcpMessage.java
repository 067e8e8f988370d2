package dev.fairlead.gateway.faces.acp;

import com.fasterxml.jackson.databind.JsonNode;

/** One line of the wire: JSON-RPC 2.0, no batches. */
sealed interface AcpMessage {

    /**
     * It waits for an answer.
     *
     * @param id echoed as it came: a number stays one
     */
    record Request(JsonNode id, String method, JsonNode params) implements AcpMessage {}

    record Notification(String method, JsonNode params) implements AcpMessage {}

    record Result(JsonNode id, JsonNode result) implements AcpMessage {}

    /**
     * It was refused.
     *
     * @param data missing where there is none
     */
    record Failure(JsonNode id, int code, String message, JsonNode data) implements AcpMessage {}
}
