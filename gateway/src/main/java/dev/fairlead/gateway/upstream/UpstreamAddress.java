package dev.fairlead.gateway.upstream;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.upstream.simulator.SimulatorOptions;
import java.net.URI;
import java.util.Optional;

/** Where the upstream is. */
public final class UpstreamAddress {
    private UpstreamAddress() {}

    /** The address that the settings give, or the simulator's own; empty where the provider's own is meant. */
    public static Optional<URI> of(Settings.Upstream settings) {
        if (settings.kind() == Settings.UpstreamKind.SIMULATOR
                && settings.baseUrl().isEmpty()) {
            return Optional.of(URI.create("http://127.0.0.1:" + SimulatorOptions.DEFAULT_PORT));
        }
        return settings.baseUrl();
    }
}
