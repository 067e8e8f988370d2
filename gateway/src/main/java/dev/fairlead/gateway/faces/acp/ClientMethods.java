package dev.fairlead.gateway.faces.acp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What the client of an agent does for it besides asking people: nothing, unless that is allowed. */
interface ClientMethods {
    /** As they are told at the start. */
    ObjectNode capabilities();

    /**
     * A question of the agent.
     *
     * @return whether it is one that may be asked
     */
    boolean asked(String method, JsonNode params, AcpPeer.Reply reply);
}
