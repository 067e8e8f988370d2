package dev.fairlead.gateway.faces.acp;

import java.util.List;
import java.util.Optional;

/** What changed between two texts, for people: the lines that differ, with a few around them. */
final class TextDiff {
    private static final int CONTEXT = 3;

    private TextDiff() {}

    /** The change of a file; all lines are new where there was none. */
    static String of(String path, Optional<String> before, String after) {
        List<String> old = before.map(TextDiff::lines).orElse(List.of());
        List<String> fresh = lines(after);
        int head = 0;
        while (head < Math.min(old.size(), fresh.size()) && old.get(head).equals(fresh.get(head))) {
            head++;
        }
        int tail = 0;
        while (tail < Math.min(old.size(), fresh.size()) - head
                && old.get(old.size() - 1 - tail).equals(fresh.get(fresh.size() - 1 - tail))) {
            tail++;
        }
        StringBuilder text = new StringBuilder()
                .append("--- ")
                .append(before.isPresent() ? path : "/dev/null")
                .append("\n+++ ")
                .append(path)
                .append('\n');
        append(text, ' ', old.subList(Math.max(0, head - CONTEXT), head));
        append(text, '-', old.subList(head, old.size() - tail));
        append(text, '+', fresh.subList(head, fresh.size() - tail));
        append(text, ' ', old.subList(old.size() - tail, Math.min(old.size(), old.size() - tail + CONTEXT)));
        return text.toString();
    }

    private static void append(StringBuilder text, char mark, List<String> lines) {
        lines.forEach(line -> text.append(mark).append(line).append('\n'));
    }

    private static List<String> lines(String text) {
        return text.lines().toList();
    }
}
