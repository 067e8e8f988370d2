package dev.fairlead.gateway.upstream;

import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.settings.Settings.UpstreamKind;
import dev.fairlead.gateway.upstream.simulator.SimulatedAccount;
import java.util.Map;
import java.util.Set;

/**
 * The upstream's credentials, from the environment alone; this is the one function that reads them. What is wrong with
 * them is told by the variables' names, never by a value.
 */
public sealed interface UpstreamCredentials {
    /** tastytrade's, of its live environment or of its sandbox; those of one fail on the other. */
    record Tastytrade(Secret clientSecret, Secret refreshToken, boolean sandbox) implements UpstreamCredentials {}

    record Kraken(Secret apiKey, Secret apiSecret) implements UpstreamCredentials {}

    /** None that can serve. */
    record Absent(String reason) implements UpstreamCredentials {}

    /** The variables that hold what nobody else may read. */
    Set<String> SECRET_VARIABLES = Set.of(
            CredentialsReader.CLIENT_SECRET,
            CredentialsReader.REFRESH_TOKEN,
            CredentialsReader.API_KEY,
            CredentialsReader.API_SECRET);

    /** The credentials of {@code kind}. */
    static UpstreamCredentials read(UpstreamKind kind, Map<String, String> environment) {
        return switch (kind) {
            case NONE -> new Absent("no upstream is configured (upstream.kind=none)");
            case SIMULATOR ->
                new Tastytrade(
                        Secret.of(SimulatedAccount.CLIENT_SECRET), Secret.of(SimulatedAccount.REFRESH_TOKEN), true);
            case TASTYTRADE -> CredentialsReader.tastytrade(environment);
            case KRAKEN -> CredentialsReader.kraken(environment);
        };
    }
}
