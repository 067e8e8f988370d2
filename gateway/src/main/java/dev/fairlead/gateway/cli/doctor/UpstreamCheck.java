package dev.fairlead.gateway.cli.doctor;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.settings.Settings.UpstreamKind;
import dev.fairlead.gateway.upstream.UpstreamCredentials;
import java.util.Locale;
import java.util.Map;

/** Whether the upstream's credentials are there and look like what they should be; never what they are. */
final class UpstreamCheck {
    private static final String SUBJECT = "upstream";

    private UpstreamCheck() {}

    static Finding run(Settings settings, Map<String, String> environment) {
        UpstreamKind kind = settings.upstream().kind();
        if (kind == UpstreamKind.NONE) {
            return Finding.good(SUBJECT, "none (upstream.kind=none): no quotes, no orders");
        }
        String name = kind.name().toLowerCase(Locale.ROOT);
        UpstreamCredentials credentials = UpstreamCredentials.read(kind, environment);
        if (credentials instanceof UpstreamCredentials.Absent absent) {
            return settings.upstream().required()
                    ? Finding.fault(
                            SUBJECT,
                            "no credentials of " + name + " that can serve, which is required",
                            absent.reason())
                    : Finding.warning(
                            SUBJECT, "no credentials of " + name + " that can serve: no token", absent.reason());
        }
        return Finding.good(SUBJECT, "the credentials of " + name + environment(credentials) + " look whole");
    }

    private static String environment(UpstreamCredentials credentials) {
        if (credentials instanceof UpstreamCredentials.Tastytrade tastytrade) {
            return tastytrade.sandbox() ? " (sandbox)" : " (live)";
        }
        return "";
    }
}
