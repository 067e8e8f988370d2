package dev.fairlead.gateway.chat;

import java.util.Optional;

/**
 * A call that has not come to its end.
 *
 * @param waitsUntil in nanoseconds of the monotonic clock, where a person must decide; empty while the tool works
 */
record OpenCall(String turnId, ToolUse use, Optional<Long> waitsUntil) {
    OpenCall running() {
        return new OpenCall(turnId, use, Optional.empty());
    }
}
