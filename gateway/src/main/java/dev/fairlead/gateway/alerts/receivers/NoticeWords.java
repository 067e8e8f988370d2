package dev.fairlead.gateway.alerts.receivers;

import java.util.List;
import java.util.stream.Collectors;

/** Notices for people, as ntfy and e-mail tell them. */
final class NoticeWords {
    private NoticeWords() {}

    /** One line of printable ASCII: it stands in a header of HTTP and in a mail's subject. */
    static String title(List<Notice> notices) {
        Notice first = notices.get(0);
        long firing = count(notices, Notice.Status.FIRING);
        long resolved = count(notices, Notice.Status.RESOLVED);
        String words = notices.size() == 1
                ? first.kind().wire().replace('_', ' ') + " " + first.subject() + " "
                        + first.status().wire()
                : firing + " firing, " + resolved + " resolved";
        return ("Fairlead: " + words).replaceAll("[^ -~]", "?");
    }

    /** A line each. */
    static String lines(List<Notice> notices) {
        return notices.stream().map(NoticeWords::line).collect(Collectors.joining("\n"));
    }

    private static String line(Notice notice) {
        String times = notice.count() > 1 ? " (" + notice.count() + " times)" : "";
        return switch (notice.status()) {
            case FIRING -> "FIRING " + notice.summary() + times + ", since " + notice.startedAt();
            case RESOLVED ->
                "RESOLVED " + notice.summary() + times + ", from " + notice.startedAt()
                        + notice.resolvedAt().map(end -> " to " + end).orElse("");
            case TEST -> "TEST " + notice.summary();
        };
    }

    private static long count(List<Notice> notices, Notice.Status status) {
        return notices.stream().filter(notice -> notice.status() == status).count();
    }
}
