package dev.fairlead.gateway.settings;

import java.util.List;
import java.util.Optional;

/** What a gateway with these settings opens to whom, in words: all settings that bear on it, not the address alone. */
public final class Exposure {
    private static final int LEAST_PASSWORD = 12;

    private final Settings settings;
    private final boolean ownersTold;

    /**
     * What these settings open.
     *
     * @param ownersTold whether this system tells whose a connection on it is
     */
    public Exposure(Settings settings, boolean ownersTold) {
        this.settings = settings;
        this.ownersTold = ownersTold;
    }

    /** Who can reach the port, and what they need. */
    public String openTo() {
        return reach() + "; " + need();
    }

    /** What one should know before one lets others in; empty where no user of this machine is trusted. */
    public List<String> warnings() {
        return trustsItsUser()
                ? List.of("Before you forward this port (ssh -R, ngrok, a proxy): set auth.mode=required. A forwarder"
                        + " that you start is you, and so are those behind it")
                : List.of();
    }

    /** Whether the user who runs the gateway needs no token on this machine. */
    public boolean trustsItsUser() {
        return !settings.tokenRequired() && ownersTold;
    }

    /** Whether anybody but this machine's users can come as far as the login. */
    static boolean isPublic(Settings.Http http) {
        return !http.loopback() || http.behindTlsProxy();
    }

    /**
     * Whether a password is too short for where it can be tried.
     *
     * @return the sentence that says so, with what mends it; empty where it is long enough
     */
    public static Optional<String> weakness(Settings.Http http, String password) {
        return isPublic(http) && password.codePointCount(0, password.length()) < LEAST_PASSWORD
                ? Optional.of("The admin password has fewer than " + LEAST_PASSWORD
                        + " characters and others than this machine's can try it: set a longer one"
                        + " (openssl rand -base64 18), or bind to 127.0.0.1 without http.behind_tls_proxy")
                : Optional.empty();
    }

    private String reach() {
        Settings.Http http = settings.http();
        if (!http.loopback()) {
            return "other machines, " + (http.tls() ? "over TLS" : "through the TLS proxy in front");
        }
        if (http.behindTlsProxy()) {
            return "this machine, and whoever the TLS proxy on it lets through";
        }
        List<String> names = settings.auth().allowedHosts().stream()
                .filter(host -> !LoopbackHost.matches(host))
                .toList();
        return names.isEmpty()
                ? "this machine alone"
                : "this machine, and whoever reaches a proxy on it by " + String.join(", ", names)
                        + " (auth.allowed_hosts)";
    }

    private String need() {
        if (trustsItsUser()) {
            return "the user who runs it needs no token here (auth.mode=auto), all others do";
        }
        return "everybody needs a token"
                + (settings.tokenRequired() ? "" : ", since this system does not tell whose a connection is");
    }
}
