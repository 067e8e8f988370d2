package dev.fairlead.protocol.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** How far a stream was followed: what to give as {@code since}. Not thread-safe. */
final class ResumePoint {
    private Optional<String> since = Optional.empty();

    /** A frame was received: streams number theirs by epoch and seq, logs give a cursor. */
    void received(JsonNode frame) {
        JsonNode epoch = frame.path("epoch");
        JsonNode seq = frame.path("seq");
        JsonNode cursor = frame.path("cursor");
        if (cursor.isTextual()) {
            since = Optional.of(cursor.textValue());
        } else if (epoch.isTextual() && seq.isIntegralNumber()) {
            since = Optional.of(epoch.textValue() + ":" + seq.asText());
        }
    }

    Optional<String> since() {
        return since;
    }
}
