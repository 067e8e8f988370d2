package dev.fairlead.gateway.cli.doctor;

import dev.fairlead.gateway.edge.intake.OpenFiles;
import dev.fairlead.gateway.settings.Settings;
import java.util.Optional;

/** Whether the system allows as many open files as the connections that are to be taken need. */
final class OpenFilesCheck {
    private static final String SUBJECT = "open files";

    private OpenFilesCheck() {}

    static Finding run(Settings.Http http, Optional<OpenFiles> files) {
        if (files.isEmpty()) {
            return Finding.good(SUBJECT, "the system tells no limit");
        }
        int fit = files.get().connections(http.maxConnections());
        return fit >= http.maxConnections()
                ? Finding.good(SUBJECT, "limit " + files.get().limit())
                : Finding.warning(
                        SUBJECT,
                        "the limit of " + files.get().limit() + " has room for " + fit
                                + " connections, http.max_connections" + " is " + http.maxConnections(),
                        "raise it (ulimit -n in the shell, LimitNOFILE= in the unit), or lower http.max_connections");
    }
}
