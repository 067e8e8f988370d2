package dev.fairlead.gateway.upstream;

import dev.fairlead.gateway.settings.Secret;
import java.time.Duration;
import java.util.Optional;

/**
 * A token fresh from the upstream.
 *
 * @param life from when it was asked for, where the upstream states it
 */
public record TokenGrant(Secret token, Optional<Duration> life) {}
