package dev.fairlead.gateway.messages;

import dev.fairlead.protocol.MessageEvent;
import java.time.Instant;
import java.util.Optional;

/**
 * One thing that happened to a message after its acceptance.
 *
 * @param number counts with the messages' own numbers, in one order
 * @param attempt the latest lease then
 */
record Happened(long number, MessageEvent.Kind kind, int attempt, Instant at, Optional<String> detail) {}
