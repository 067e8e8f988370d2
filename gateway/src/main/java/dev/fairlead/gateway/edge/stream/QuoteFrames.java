package dev.fairlead.gateway.edge.stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.StreamControl;
import dev.fairlead.protocol.Symbols;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What clients of the stream of quotes may send: which symbols they want besides, or no more. One that named none when
 * it came is shown all that the gateway follows, until it names some.
 */
public final class QuoteFrames implements StreamEndpoint.ClientFrames {
    public static final String SYMBOLS = "symbols";

    @Override
    public Optional<Map<String, String>> parametersAfter(String type, JsonNode frame, Map<String, String> now) {
        Set<String> symbols = new LinkedHashSet<>(Symbols.ofList(now.getOrDefault(SYMBOLS, "")));
        switch (type) {
            case "subscribe" ->
                symbols.addAll(Symbols.of(FrameCodec.fromTree(frame, StreamControl.Subscribe.class)
                        .symbols()));
            case "unsubscribe" ->
                symbols.removeAll(Symbols.of(FrameCodec.fromTree(frame, StreamControl.Unsubscribe.class)
                        .symbols()));
            default -> {
                return Optional.empty();
            }
        }
        return Optional.of(Map.of(SYMBOLS, String.join(",", Symbols.of(symbols))));
    }
}
