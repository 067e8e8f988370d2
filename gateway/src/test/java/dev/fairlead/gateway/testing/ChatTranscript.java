package dev.fairlead.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** What a client has of a session: the text of an answer counts as its end says. */
public final class ChatTranscript {
    private final List<String> kept = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private long last;
    private int ends;

    /** Takes a frame; one without a number counts for nothing. */
    public void hear(JsonNode frame) {
        if (!frame.has("n")) {
            return;
        }
        assertThat(frame.path("n").asLong()).as("%s after %d", frame, last).isGreaterThan(last);
        last = frame.path("n").asLong();
        switch (frame.path("type").asText()) {
            case "chunk" -> text.append(frame.path("content").asText());
            case "chunk_reset" -> text.setLength(0);
            case "agent_event" -> kept.add(frame.at("/event/content").asText());
            case "tool_call" -> kept.add("call " + frame.path("id").asText() + frame.path("args"));
            case "tool_result" -> kept.add("result " + frame.path("id").asText() + frame.path("output"));
            case "done" -> {
                assertThat(text).isEmpty();
                kept.add("done " + frame.path("full_response").asText());
                ends++;
            }
            default -> {}
        }
    }

    /** The last number that was seen. */
    public long last() {
        return last;
    }

    /** How many turns came to their end. */
    public int ends() {
        return ends;
    }

    public List<String> kept() {
        return List.copyOf(kept);
    }
}
