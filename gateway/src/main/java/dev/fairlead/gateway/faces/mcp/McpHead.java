package dev.fairlead.gateway.faces.mcp;

import dev.fairlead.protocol.VisibleText;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * What a request's headers say of the message in it.
 *
 * @param version {@code MCP-Protocol-Version}
 * @param method {@code Mcp-Method}
 * @param name {@code Mcp-Name}, as it came
 * @param agent {@code User-Agent}
 */
public record McpHead(
        Optional<String> version, Optional<String> method, Optional<String> name, Optional<String> agent) {
    private static final String META = "io.modelcontextprotocol/";
    private static final String ENCODED = "=?base64?";
    private static final String ENCODED_END = "?=";
    private static final int MOST_SHOWN = 100;

    /**
     * Holds a request of the stateless era against its headers, and what it must say of itself.
     *
     * @throws McpFault that names what differs or is missing
     */
    void check(RpcMessage message) {
        String called = message.method().orElseThrow();
        same("Mcp-Method", method, Optional.of(called));
        Optional<String> named = namedBy(called)
                .map(field -> message.params().path(field).textValue())
                .filter(value -> value != null);
        if (namedBy(called).isPresent() && (named.isPresent() || name.isPresent())) {
            same("Mcp-Name", name.map(McpHead::decoded), named);
        }
        var stated = message.meta().path(META + "protocolVersion");
        if (stated.isMissingNode()) {
            throw missing("protocolVersion");
        }
        same("MCP-Protocol-Version", version, Optional.ofNullable(stated.textValue()));
        if (!message.meta().path(META + "clientCapabilities").isObject()) {
            throw missing("clientCapabilities");
        }
    }

    private static Optional<String> namedBy(String method) {
        return switch (method) {
            case "tools/call", "prompts/get" -> Optional.of("name");
            case "resources/read" -> Optional.of("uri");
            case "tasks/get", "tasks/update", "tasks/cancel" -> Optional.of("taskId");
            default -> Optional.empty();
        };
    }

    private static void same(String header, Optional<String> said, Optional<String> body) {
        if (said.isEmpty() || !said.equals(body)) {
            throw new McpFault(
                    400,
                    McpFault.HEADER_MISMATCH,
                    "Header mismatch: " + header + " is "
                            + said.map(McpHead::shown).orElse("missing") + ", the body says "
                            + body.map(McpHead::shown).orElse("nothing"));
        }
    }

    private static McpFault missing(String field) {
        return new McpFault(
                400,
                McpFault.INVALID_PARAMS,
                "Parameter '_meta' lacks '" + META + field + "', which every request of " + Era.STATELESS + " has");
    }

    /** What cannot stand in a header as it is comes in Base64. */
    private static String decoded(String value) {
        if (!value.startsWith(ENCODED) || !value.endsWith(ENCODED_END) || value.length() < ENCODED.length() + 2) {
            return value;
        }
        try {
            byte[] text = Base64.getDecoder()
                    .decode(value.substring(ENCODED.length(), value.length() - ENCODED_END.length()));
            return new String(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new McpFault(400, McpFault.HEADER_MISMATCH, "Header mismatch: Mcp-Name is no Base64 after all");
        }
    }

    private static String shown(String value) {
        return "'" + VisibleText.cut(value, MOST_SHOWN) + "'";
    }
}
