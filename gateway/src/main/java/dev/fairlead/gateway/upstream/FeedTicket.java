package dev.fairlead.gateway.upstream;

import dev.fairlead.gateway.settings.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * What opens a session of a feed.
 *
 * @param url where the feed is, as the provider said with this very ticket
 * @param token of the feed's own, where it wants one
 * @param life for how long it opens sessions, from when it was asked for; empty for ever
 */
public record FeedTicket(URI url, Optional<Secret> token, Optional<Duration> life) {}
