/**
 * Clients that stay connected: {@link dev.fairlead.protocol.client.AgentClient} is an agent,
 * {@link dev.fairlead.protocol.client.StreamClient} follows a stream. Both reconnect for ever with backoff and jitter,
 * notice a link that is dead without having been closed, and stop, saying why, where to try again would be no use.
 *
 * <p>A client lives on one Vert.x context: its handlers and listeners are called there, one at a time, and must not
 * block it. Its methods may be called from any thread.
 */
package dev.fairlead.protocol.client;
