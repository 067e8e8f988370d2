package dev.fairlead.gateway.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.ValidationMessage;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/** Holds what REST answers against the OpenAPI document. */
public final class RestContract {
    private static final ApiDocument DOCUMENT = ApiDocument.load("/api/openapi.json");
    private static final Set<String> METHODS = Set.of("get", "post", "patch", "put", "delete");

    private RestContract() {}

    public static ApiDocument document() {
        return DOCUMENT;
    }

    /** Every call in the document, as {@code GET /api/agents/:name}. */
    public static Set<String> calls() {
        Set<String> calls = new TreeSet<>();
        for (String path : DOCUMENT.names("/paths")) {
            for (String method : DOCUMENT.names("/paths" + ApiDocument.step(path))) {
                if (METHODS.contains(method)) {
                    calls.add(method.toUpperCase(Locale.ROOT) + " " + path.replaceAll("\\{(\\w+)}", ":$1"));
                }
            }
        }
        return calls;
    }

    /**
     * Checks an answer; one to a call that is in no document has the shape of an error, or is none of the contract's.
     *
     * @param path with its query
     * @param contentType of the answer; empty for none
     * @throws AssertionError that says what the document does not allow
     */
    public static void check(String method, String path, int status, String contentType, JsonNode body) {
        String plain = path.split("[?#]", 2)[0];
        String what = method + " " + plain + " answered " + status + " " + body;
        Optional<String> call = call(method, plain);
        if (status == 405 || call.isEmpty()) {
            return;
        }
        String answer = call.get() + "/responses/" + status;
        if (DOCUMENT.existing(answer).isEmpty()) {
            throw new AssertionError("openapi.json knows no such status: " + what);
        }
        String content = DOCUMENT.resolved(answer) + "/content";
        if (DOCUMENT.existing(content).isEmpty()) {
            if (!contentType.isEmpty()) {
                throw new AssertionError("openapi.json knows no body of it: " + what);
            }
            return;
        }
        String mediaType = contentType.split(";", 2)[0];
        String media = content + ApiDocument.step(mediaType);
        if (DOCUMENT.existing(media).isEmpty()) {
            throw new AssertionError("openapi.json knows no content type '" + mediaType + "' of it: " + what);
        }
        if (mediaType.equals("application/json")) {
            Set<ValidationMessage> faults = DOCUMENT.faults(media + "/schema", body);
            if (!faults.isEmpty()) {
                throw new AssertionError("Not as openapi.json says: " + faults + ": " + what);
            }
        }
    }

    private static Optional<String> call(String method, String path) {
        Optional<String> exact =
                DOCUMENT.existing("/paths" + ApiDocument.step(path)).map(found -> path);
        return exact.or(() -> StreamSupport.stream(DOCUMENT.names("/paths").spliterator(), false)
                        .filter(template -> ApiDocument.fits(template, path))
                        .findFirst())
                .map(template -> Map.entry(template, method.toLowerCase(Locale.ROOT)))
                .flatMap(found -> DOCUMENT.existing(
                        "/paths" + ApiDocument.step(found.getKey()) + ApiDocument.step(found.getValue())));
    }
}
