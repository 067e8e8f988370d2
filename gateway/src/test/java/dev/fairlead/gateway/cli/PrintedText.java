package dev.fairlead.gateway.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Text of the documentation, held against what came: ids, times and figures are others, all else is the same. */
final class PrintedText {
    private static final Pattern VARIES = Pattern.compile("(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
            + "|(?<time>\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z)"
            + "|(?<rest>[0-9a-f]{8}-…|…)"
            + "|(?<home>/home/you)"
            + "|(?<word>(?<=\"epoch\":\"|\"cursor\":\"|node-)[\\w=-]+)"
            + "|(?<date>\\[[^\\]]*/[^\\]]*\\])"
            + "|(?<number>\\d+(?:\\.\\d+)+|\\d{2,}|(?<=[: ])\\d)"
            + "|(?<space>\\s+)");

    private final Map<String, String> here;
    private final Map<String, String> ids = new HashMap<>();

    /** @param here what stands for which text of the page on this machine */
    PrintedText(Map<String, String> here) {
        this.here = here;
    }

    /** A command as it is typed here: with the ids that were printed here. */
    String asTyped(String command) {
        String typed = command;
        for (Map<String, String> known : List.of(here, ids)) {
            for (Map.Entry<String, String> word : known.entrySet()) {
                typed = typed.replace(word.getKey(), word.getValue());
            }
        }
        return typed;
    }

    /** Those lines of the page that did not come, in this order. */
    List<String> missing(String said, List<String> shown) {
        List<String> lines = said.lines().toList();
        List<String> missing = new ArrayList<>();
        int next = 0;
        for (String line : shown) {
            int at = next;
            while (at < lines.size() && !isLike(lines.get(at), line)) {
                at++;
            }
            if (at == lines.size()) {
                missing.add(line);
            } else {
                next = at + 1;
            }
        }
        return missing;
    }

    private boolean isLike(String line, String shown) {
        StringBuilder expression = new StringBuilder();
        List<String> shownIds = new ArrayList<>();
        Matcher varies = VARIES.matcher(shown);
        int end = 0;
        while (varies.find()) {
            expression.append(quoted(shown.substring(end, varies.start())));
            end = varies.end();
            if (varies.group("id") != null) {
                shownIds.add(varies.group());
            }
            expression.append(expressionOf(varies));
        }
        expression.append(quoted(shown.substring(end)));
        Matcher matcher = Pattern.compile(expression.toString()).matcher(line.strip());
        if (!matcher.matches()) {
            return false;
        }
        for (int i = 0; i < shownIds.size(); i++) {
            ids.putIfAbsent(shownIds.get(i), matcher.group(i + 1));
        }
        return true;
    }

    private String expressionOf(Matcher varies) {
        if (varies.group("id") != null) {
            return "([0-9a-f-]{36})";
        }
        if (varies.group("time") != null) {
            return "[\\dT:.Z-]+";
        }
        if (varies.group("rest") != null) {
            return ".*";
        }
        if (varies.group("home") != null) {
            return quoted(here.get(varies.group()));
        }
        if (varies.group("word") != null) {
            return "[\\w=-]+";
        }
        if (varies.group("date") != null) {
            return "\\[[^\\]]*\\]";
        }
        return varies.group("number") != null ? "[\\d.]+" : "\\s+";
    }

    private static String quoted(String text) {
        return text.isEmpty() ? "" : Pattern.quote(text);
    }
}
