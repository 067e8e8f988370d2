package dev.fairlead.gateway.cli;

import dev.fairlead.gateway.settings.Settings;
import java.util.Set;

/** The address to open in a browser; a bind address that stands for all of them is told as {@code localhost}. */
record DashboardAddress(Settings.Http http, int port) {

    private static final Set<String> EVERY_ADDRESS = Set.of("0.0.0.0", "::", "[::]");

    @Override
    public String toString() {
        String host = EVERY_ADDRESS.contains(http.host()) ? "localhost" : http.host();
        String bracketed = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        return (http.tls() ? "https://" : "http://") + bracketed + ":" + port + "/";
    }
}
