package dev.fairlead.gateway.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.FrameCodec;
import java.util.List;

/**
 * How long a search over logs took, and {@code grep -c} on the same files.
 *
 * @param caches {@code cold} where the files were on the disk alone, {@code warm} where they were in memory
 * @param letters whether upper and lower case differed
 * @param mebibytes that were searched
 * @param lines found, by both
 * @param gatewaySeconds the median of the rounds
 * @param grepSeconds the median of the rounds
 * @param ratio the median of the rounds' ratios, gateway to grep in bytes a second; above 1 the gateway is faster
 */
public record SearchFigures(
        String caches,
        String letters,
        long mebibytes,
        long lines,
        double gatewaySeconds,
        double grepSeconds,
        double ratio) {
    public static List<String> headings() {
        return List.of("CACHES", "CASE", "MIB", "LINES", "GATEWAY S", "GREP S", "RATIO");
    }

    public List<String> cells() {
        return List.of(
                caches,
                letters,
                Long.toString(mebibytes),
                Long.toString(lines),
                String.format("%.2f", gatewaySeconds),
                String.format("%.2f", grepSeconds),
                String.format("%.2f", ratio));
    }

    public JsonNode json() {
        return FrameCodec.toTree(this);
    }
}
