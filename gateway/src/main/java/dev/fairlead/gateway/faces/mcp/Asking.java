package dev.fairlead.gateway.faces.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * What a request says of the person at the client.
 *
 * @param possible whether the client asks its person for us, in a form
 * @param state what we gave the client with the question, on the request that brings the answer
 * @param answers by the names of the questions; missing where there are none
 */
record Asking(boolean possible, Optional<String> state, JsonNode answers) {
    private static final String CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";

    /** Of a request of the stateless era; one of the older says nothing of it. */
    static Asking of(Era era, RpcMessage request) {
        JsonNode elicitation = request.meta().path(CAPABILITIES).path("elicitation");
        // An empty object means forms; addresses alone are another thing.
        boolean forms = elicitation.isObject() && (elicitation.isEmpty() || elicitation.has("form"));
        return new Asking(
                era == Era.MODERN && forms,
                Optional.ofNullable(request.params().path("requestState").textValue()),
                request.params().path("inputResponses"));
    }
}
