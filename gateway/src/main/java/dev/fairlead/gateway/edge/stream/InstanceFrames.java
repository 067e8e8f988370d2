package dev.fairlead.gateway.edge.stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.StreamControl.SetIncludeArchived;
import java.util.Map;
import java.util.Optional;

/** What clients of the stream of instances may send: whether archived ones are shown from now on. */
public final class InstanceFrames implements StreamEndpoint.ClientFrames {
    public static final String INCLUDE_ARCHIVED = "include_archived";

    @Override
    public Optional<Map<String, String>> parametersAfter(String type, JsonNode frame, Map<String, String> now) {
        if (!type.equals("set_include_archived")) {
            return Optional.empty();
        }
        boolean include = FrameCodec.fromTree(frame, SetIncludeArchived.class).value();
        return Optional.of(Map.of(INCLUDE_ARCHIVED, String.valueOf(include)));
    }
}
