package dev.fairlead.gateway.faces.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * What a request says of the person at the client.
 *
 * @param possible whether the client asks its person for us, in a form
 * @param tasks whether it comes back for what takes its time
 * @param state what we gave the client with the question, on the request that brings the answer
 * @param answers by the names of the questions; missing where there are none
 */
record Asking(boolean possible, boolean tasks, Optional<String> state, JsonNode answers) {
    private static final String CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";

    /** Of a request of the stateless era; one of the older says nothing of it. */
    static Asking of(Era era, RpcMessage request) {
        return new Asking(
                era == Era.MODERN && inForms(request.meta().path(CAPABILITIES).path("elicitation")),
                era == Era.MODERN && takesTasks(request),
                Optional.ofNullable(request.params().path("requestState").textValue()),
                request.params().path("inputResponses"));
    }

    /** Whether a capability to ask means forms: an empty object does, addresses alone are another thing. */
    static boolean inForms(JsonNode elicitation) {
        return elicitation.isObject() && (elicitation.isEmpty() || elicitation.has("form"));
    }

    /** Whether a request of the stateless era says that its client knows the extension for tasks. */
    static boolean takesTasks(RpcMessage request) {
        return request.meta()
                .path(CAPABILITIES)
                .path("extensions")
                .path(McpTasks.EXTENSION)
                .isObject();
    }
}
