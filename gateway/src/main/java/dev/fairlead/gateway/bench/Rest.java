package dev.fairlead.gateway.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.FrameCodec;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a gateway costs that has nothing to do: no instance, no agent, no socket.
 *
 * @param share of one core, 1 being all of it
 * @param againstShare of the other build's gateway, over the same time
 */
public record Rest(double share, Optional<Double> againstShare) {

    static Rest of(LoadLoop loop, List<ServerProcess> servers, Duration howLong) {
        List<Long> before = servers.stream().map(ServerProcess::processorNanos).toList();
        long start = loop.now();
        loop.run(howLong);
        double nanos = loop.now() - start;
        Rest rest = new Rest((servers.get(0).processorNanos() - before.get(0)) / nanos, Optional.empty());
        return servers.size() == 1
                ? rest
                : new Rest(rest.share, Optional.of((servers.get(1).processorNanos() - before.get(1)) / nanos));
    }

    public static List<String> headings() {
        return List.of("CPU AT REST", "PEER", "RATIO");
    }

    /** Cells of a row; without a peer the last two say so. */
    public List<String> cells() {
        return List.of(
                percent(share),
                againstShare.map(Rest::percent).orElse("-"),
                againstShare
                        .map(other -> String.format(Locale.ROOT, "%.2f", share / other))
                        .orElse("-"));
    }

    /** Everything. */
    public JsonNode json() {
        ObjectNode row = FrameCodec.object().put("work", "rest").put("gateway_cpu", share);
        againstShare.ifPresent(other -> row.put("against_cpu", other).put("ratio", share / other));
        return row;
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", share * 100);
    }
}
