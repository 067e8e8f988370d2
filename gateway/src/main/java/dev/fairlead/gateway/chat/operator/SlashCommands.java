package dev.fairlead.gateway.chat.operator;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an operator may say as a command, {@code /start x}. */
final class SlashCommands {
    static final String SEND = "/send NAME TYPE [PAYLOAD], such as /send worker task.run {\"n\":1}";
    static final String RETRY = "/retry ID; /messages dead lists the dead letters";
    static final String CONFIRM = "/confirm ORDER-ID; /orders lists those that wait";

    static final List<String> ALL = List.of(
            "/status",
            "/instances",
            "/failed",
            "/events",
            "/agents",
            "/show",
            "/start",
            "/stop",
            "/restart",
            "/logs",
            "/search",
            "/messages",
            "/message",
            "/send",
            "/retry",
            "/token",
            "/refresh",
            "/quote",
            "/orders",
            "/confirm",
            "/help");

    private SlashCommands() {}

    /** What the line asks for, which begins with a slash. */
    static Intent parse(String line) {
        String[] parts = line.split("\\s+", 2);
        String command = parts[0].toLowerCase(Locale.ROOT);
        String rest = parts.length > 1 ? parts[1].strip() : "";
        return switch (command) {
            case "/help", "/h", "/?", "/commands" -> new Intent.Help();
            case "/status", "/overview" ->
                rest.isEmpty() ? new Intent.Overview() : named(rest, "/status [NAME]", Intent.About::new);
            case "/instances", "/ls", "/ps" ->
                rest.contains("=")
                        ? new Intent.Labelled(rest)
                        : new Intent.Instances(rest.equals("all") || rest.equals("archived"));
            case "/failed" -> new Intent.Failed();
            case "/events" ->
                rest.isEmpty() || rest.matches("\\d{1,4}")
                        ? Grammar.happened(Optional.of(rest).filter(text -> !text.isEmpty()), "minutes")
                        : new Intent.Incomplete("/events [MINUTES]");
            case "/agents" -> new Intent.Agents();
            case "/show", "/about", "/why" -> named(rest, "/show NAME", Intent.About::new);
            case "/start" -> act("start", rest);
            case "/stop" -> act("stop", rest);
            case "/restart" -> act("restart", rest);
            case "/logs", "/log", "/tail" -> logs(rest);
            case "/search", "/grep" -> search(rest);
            case "/messages" -> messages(rest);
            case "/message" -> id(rest, "/message ID", Intent.Message::new);
            case "/send" -> send(rest);
            case "/retry" -> id(rest, RETRY, Intent.Retry::new);
            case "/token" -> new Intent.Token();
            case "/refresh" -> new Intent.RefreshToken();
            case "/quote", "/quotes", "/q" ->
                rest.isEmpty() ? new Intent.Incomplete("/quote SYMBOL…") : Grammar.quotes(rest);
            case "/orders" -> new Intent.Orders();
            case "/confirm" -> id(rest, CONFIRM, Intent.ConfirmOrder::new);
            default -> new Intent.Unknown(closest(command));
        };
    }

    /** One by its name, or all that a selector means: a name has no {@code =} in it. */
    private static Intent act(String verb, String rest) {
        return rest.contains("=")
                ? new Intent.ActOnMany(verb, rest)
                : named(rest, Grammar.actUsage(verb), name -> new Intent.Act(verb + "_instance", name));
    }

    private static Intent named(String rest, String usage, Function<String, Intent> intent) {
        return rest.matches(Grammar.NAME) ? intent.apply(rest) : new Intent.Incomplete(usage);
    }

    private static Intent id(String rest, String usage, Function<String, Intent> intent) {
        return rest.matches("[A-Za-z0-9-]{1,64}") ? intent.apply(rest) : new Intent.Incomplete(usage);
    }

    private static Intent logs(String rest) {
        Matcher matcher =
                Pattern.compile("(" + Grammar.NAME + ")(?:\\s+(\\d{1,4}))?").matcher(rest);
        return matcher.matches()
                ? Grammar.log(matcher.group(1), Optional.ofNullable(matcher.group(2)))
                : new Intent.Incomplete("/logs NAME [LINES]");
    }

    private static Intent search(String rest) {
        Matcher matcher =
                Pattern.compile("(" + Grammar.NAME + ")\\s+(.{1,200})").matcher(rest);
        return matcher.matches()
                ? new Intent.SearchLog(matcher.group(1), matcher.group(2))
                : new Intent.Incomplete("/search NAME TEXT");
    }

    private static Intent messages(String rest) {
        if (rest.isEmpty()) {
            return new Intent.Messages(Optional.empty(), Optional.empty());
        }
        if (rest.matches(Grammar.STATUS)) {
            return new Intent.Messages(Optional.empty(), Optional.of(rest));
        }
        return rest.equals("dead")
                ? new Intent.Messages(Optional.empty(), Optional.of("dead_lettered"))
                : named(
                        rest,
                        "/messages [NAME|STATUS]",
                        name -> new Intent.Messages(Optional.of(name), Optional.empty()));
    }

    private static Intent send(String rest) {
        Matcher matcher = Pattern.compile(
                        "(" + Grammar.NAME + ")\\s+([A-Za-z0-9._-]{1,128})(?:\\s+(.+))?", Pattern.DOTALL)
                .matcher(rest);
        return matcher.matches()
                ? new Intent.Send(
                        matcher.group(1),
                        matcher.group(2),
                        Optional.ofNullable(matcher.group(3)).orElse("{}"))
                : new Intent.Incomplete(SEND);
    }

    /** The command that starts alike, or is one slip of the finger away. */
    static Optional<String> closest(String word) {
        String sought = word.startsWith("/") ? word : "/" + word;
        return ALL.stream()
                .filter(command ->
                        sought.length() > 2 && (command.startsWith(sought) || distance(command, sought) <= 2))
                .min((a, b) -> Integer.compare(distance(a, sought), distance(b, sought)));
    }

    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                row[j] = Math.min(
                        Math.min(row[j], row[j - 1]) + 1, diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1));
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
