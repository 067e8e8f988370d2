package dev.fairlead.gateway.cli.doctor;

import dev.fairlead.gateway.settings.Exposure;
import dev.fairlead.gateway.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the settings open to whom. */
final class ExposureCheck {
    private static final String SUBJECT = "exposure";

    private ExposureCheck() {}

    /**
     * Looks at all settings that bear on it.
     *
     * @param ownersTold whether this system tells whose a connection is
     * @param user who would run the gateway
     */
    static List<Finding> run(Settings settings, boolean ownersTold, String user) {
        Exposure exposure = new Exposure(settings, ownersTold);
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.good(SUBJECT, "open to " + exposure.openTo()));
        if (exposure.trustsItsUser() && user.equals("root")) {
            findings.add(Finding.warning(
                    SUBJECT,
                    "as root: whatever else runs as root here (docker-proxy, kubelet, forwarders) needs no token"
                            + " either",
                    "run it under an account of its own, or set auth.mode=required"));
        }
        if (settings.auth().mode() == Settings.AuthMode.AUTO
                && !settings.http().behindTlsProxy()
                && settings.http().loopback()
                && !settings.auth().allowedHosts().isEmpty()) {
            findings.add(Finding.warning(
                    SUBJECT,
                    "auth.allowed_hosts lets a proxy on this machine pass requests on, and auth.mode is auto",
                    "set http.behind_tls_proxy=true, or auth.mode=required, so that nothing it passes on is taken for"
                            + " yours"));
        }
        settings.auth()
                .adminPasswordFile()
                .flatMap(ExposureCheck::password)
                .flatMap(password -> Exposure.weakness(settings.http(), password))
                .ifPresent(weakness -> findings.add(
                        Finding.fault(SUBJECT, weakness, "write a longer one into auth.admin_password_file")));
        return findings;
    }

    /** Empty where it cannot be read, which another check tells. */
    private static Optional<String> password(Path file) {
        try {
            return Optional.of(Files.readString(file).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
