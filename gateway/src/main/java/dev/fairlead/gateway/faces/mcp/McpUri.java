package dev.fairlead.gateway.faces.mcp;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Addresses of what can be read, {@code fairlead://kind/name} and maybe more. Written so that parsing them as a URL and
 * writing them again changes nothing: some clients send back what comes of that.
 */
final class McpUri {
    static final String SCHEME = "fairlead://";
    private static final String PLAIN = "-._~";

    private McpUri() {}

    static String of(String kind, String name, String... more) {
        StringBuilder uri = new StringBuilder(SCHEME).append(kind).append('/').append(encoded(name));
        Arrays.stream(more).forEach(part -> uri.append('/').append(part));
        return uri.toString();
    }

    /** Its parts with nothing encoded any more; none where it is no address of ours. */
    static List<String> parts(String uri) {
        if (!uri.startsWith(SCHEME)) {
            return List.of();
        }
        try {
            return Arrays.stream(uri.substring(SCHEME.length()).split("/", -1))
                    .map(part -> URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8))
                    .toList();
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }

    private static String encoded(String name) {
        StringBuilder encoded = new StringBuilder();
        for (byte octet : name.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xFF);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0)) {
                encoded.append(c);
            } else {
                encoded.append(String.format("%%%02X", octet & 0xFF));
            }
        }
        return encoded.toString();
    }
}
