package dev.fairlead.gateway.alerts.receivers;

import java.nio.charset.StandardCharsets;
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

    /**
     * A line each, as many as there is room for, and then how many more there are.
     *
     * @param mostBytes of the lines in UTF-8; the first is told whatever it has
     */
    static String lines(List<Notice> notices, int mostBytes) {
        StringBuilder text = new StringBuilder();
        int bytes = 0;
        int told = 0;
        for (Notice notice : notices) {
            String line = line(notice);
            bytes += line.getBytes(StandardCharsets.UTF_8).length + 1;
            if (told > 0 && bytes > mostBytes) {
                return text.append("… and ")
                        .append(notices.size() - told)
                        .append(" more")
                        .toString();
            }
            text.append(line).append('\n');
            told++;
        }
        return text.toString().stripTrailing();
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
