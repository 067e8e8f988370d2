package dev.fairlead.gateway.faces.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.FrameCodec;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How a client speaks: with a handshake first, or with all that a request needs in the request. */
enum Era {
    /** Up to 2025-11-25: {@code initialize}, and errors in answers of status 200. */
    LEGACY,
    /** From 2026-07-28 on: stateless. */
    MODERN;

    static final String STATELESS = "2026-07-28";
    static final String NEWEST_LEGACY = "2025-11-25";

    /** What is spoken here, the newest first. */
    static final List<String> SERVED = List.of(STATELESS, NEWEST_LEGACY, "2025-06-18");

    /** What clients of old may name in the header though they were answered another; they are served as those above. */
    private static final Set<String> OLD = Set.of(NEWEST_LEGACY, "2025-06-18", "2025-03-26", "2024-11-05");

    /**
     * That of a request.
     *
     * @param header {@code MCP-Protocol-Version}; some clients of old send none
     * @throws McpFault where the version is none that is spoken here
     */
    static Era of(Optional<String> header) {
        if (header.isEmpty() || OLD.contains(header.get())) {
            return LEGACY;
        }
        if (header.get().equals(STATELESS)) {
            return MODERN;
        }
        var data = FrameCodec.object();
        SERVED.forEach(data.putArray("supported")::add);
        data.put("requested", header.get());
        throw new McpFault(
                400,
                McpFault.UNSUPPORTED_VERSION,
                "Unsupported protocol version; this gateway speaks " + String.join(", ", SERVED),
                Optional.of(data));
    }

    /** What {@code initialize} is answered: the version asked for where it is spoken so, else the newest that is. */
    static String negotiated(JsonNode asked) {
        return asked.isTextual()
                        && SERVED.contains(asked.textValue())
                        && !asked.textValue().equals(STATELESS)
                ? asked.textValue()
                : NEWEST_LEGACY;
    }
}
