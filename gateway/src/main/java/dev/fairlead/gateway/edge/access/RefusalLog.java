package dev.fairlead.gateway.edge.access;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the log of refused names and pages: each once, and no more than a few. May be used from any thread. */
final class RefusalLog {
    private static final Logger log = LoggerFactory.getLogger(RefusalLog.class);
    private static final int MOST = 32;
    private static final int MOST_CHARS = 200;

    private final Set<String> told = new HashSet<>();

    /** A request with these headers was refused. */
    void once(List<String> hosts, List<String> origins, String why) {
        String what = "Host " + shown(hosts) + (origins.isEmpty() ? "" : ", Origin " + shown(origins));
        if (isNew(what)) {
            log.warn("Refused a request with {}: {}", what, why);
        }
    }

    private synchronized boolean isNew(String what) {
        return told.size() < MOST && told.add(what);
    }

    /** Whoever sends them chooses what stands in them. */
    private static String shown(List<String> values) {
        String text = String.join(" and ", values).replaceAll("[^\\x20-\\x7E]", "?");
        return "'" + text.substring(0, Math.min(MOST_CHARS, text.length())) + "'";
    }
}
