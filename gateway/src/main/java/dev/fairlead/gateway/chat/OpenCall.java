package dev.fairlead.gateway.chat;

import java.util.Optional;

/**
 * A call that has not come to its end.
 *
 * @param waitsUntil in nanoseconds of the monotonic clock, where a person must decide; empty while the tool works
 * @param n the number of the frame that told of it
 */
record OpenCall(String turnId, ToolUse use, Optional<Long> waitsUntil, long n) {
    OpenCall running() {
        return new OpenCall(turnId, use, Optional.empty(), n);
    }
}
