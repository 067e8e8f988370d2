package dev.fairlead.gateway.chat.operator;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an operator may say, as a command ({@code /start x}) or in words ({@code what is agent-3 doing?}). Words ask for
 * a change only as a plain imperative that is the whole sentence, so that a question never changes anything.
 */
final class Grammar {
    private record Rule(Pattern pattern, Function<Matcher, Intent> intent) {}

    /** Characters of a question in words; patterns over longer ones would go deeper than a stack is. */
    private static final int MOST_WORDS = 500;

    private static final int LOG_LINES = 20;
    private static final int MAX_LOG_LINES = 200;
    private static final String NAME = "[\"'`]?([a-z0-9][a-z0-9-]{0,62})[\"'`]?";
    private static final String THING = "(?:(?:the|my|our|instance|agent|process|service|bot) )*" + NAME;
    private static final String STATUS =
            "(accepted|delivered|acknowledged|retry_scheduled|failed|expired|dead_lettered)";
    private static final String ID = "([0-9a-f]{8}-[0-9a-f-]{27})";
    private static final String SHOW = "(?:(?:show|list|get|give|print|tell)(?: me)?(?: about)?|what are|which are)";

    /** Words that stand where a name would, and are none. */
    private static final Set<String> NO_NAMES = Set.of(
            "it",
            "that",
            "this",
            "everything",
            "all",
            "things",
            "wrong",
            "red",
            "up",
            "down",
            "running",
            "there",
            "going",
            "happening",
            "a",
            "an",
            "the",
            "my",
            "you",
            "instances",
            "agents",
            "messages",
            "logs",
            "log",
            "token",
            "orders",
            "system",
            "gateway",
            "fleet",
            "failed",
            "stopped",
            "online",
            "offline");

    static final List<String> COMMANDS = List.of(
            "/status",
            "/instances",
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

    private static final List<Rule> WORDS = List.of(
            rule("(?:help|\\?|what can (?:you|i) do|how does this work|commands)", m -> new Intent.Help()),
            rule(
                    "(?:hi|hello|hey|good (?:morning|evening|day)|thanks|thank you|ok|okay)(?: there)?",
                    m -> new Intent.Greeting()),
            rule(
                    "(?:status|overview|summary|how (?:is|are) (?:it|things|everything|all|the fleet|the system|you)"
                            + "(?: going| doing)?|what(?: is|'s) (?:going on|up|wrong|red|down|broken|happening)"
                            + "|is (?:everything|all) (?:ok|okay|fine|good|up)|(?:anything|something) wrong)",
                    m -> new Intent.Overview()),
            rule("start " + THING, m -> act("start_instance", m.group(1))),
            rule("stop " + THING, m -> act("stop_instance", m.group(1))),
            rule("restart " + THING, m -> act("restart_instance", m.group(1))),
            rule("(?:" + SHOW + " )?(?:all )?(?:the )?archived instances", m -> new Intent.Instances(true)),
            rule(
                    "(?:" + SHOW + " )?(?:all )?(?:the |my )?(?:instances|processes|services)(?: running| are there)?",
                    m -> new Intent.Instances(false)),
            rule("(?:what|which) (?:instances|processes|services) (?:are|do) .*", m -> new Intent.Instances(false)),
            rule("what(?: is|'s) running", m -> new Intent.Instances(false)),
            rule(
                    "(?:" + SHOW + " )?(?:all )?(?:the |my )?(?:agents|bots)(?: online| connected| are there)?",
                    m -> new Intent.Agents()),
            rule(
                    "(?:who|which agents|what agents)(?: is| are|'s) (?:online|connected|offline|there)",
                    m -> new Intent.Agents()),
            rule(
                    "(?:show |get |read |tail |print |open )?(?:me )?(?:the )?(?:last |latest )?(?:(\\d{1,4}) )?"
                            + "(?:lines )?(?:of )?(?:the )?logs? (?:of|for|from) " + THING,
                    m -> log(m.group(2), Optional.ofNullable(m.group(1)))),
            rule(
                    "(?:show |read |tail )?(?:me )?(?:the )?last (\\d{1,4}) lines (?:of|for|from) " + THING,
                    m -> log(m.group(2), Optional.of(m.group(1)))),
            rule("(?:show |read |tail )(?:me )?" + THING + "(?:'s)? logs?", m -> log(m.group(1), Optional.empty())),
            rule("tail " + THING, m -> log(m.group(1), Optional.empty())),
            rule(
                    "(?:search|grep|find|look for) [\"']?(.{1,200}?)[\"']? in (?:the )?(?:logs? of )?" + THING
                            + "(?:'s logs?)?",
                    m -> new Intent.SearchLog(m.group(2), m.group(1))),
            rule(
                    "(?:" + SHOW + " )?(?:all )?(?:the )?dead[- _]?letters?(?:ed)?(?: messages)?",
                    m -> new Intent.Messages(Optional.empty(), Optional.of("dead_lettered"))),
            rule(
                    "(?:" + SHOW + " )?(?:all )?(?:the )?" + STATUS + " messages",
                    m -> new Intent.Messages(Optional.empty(), Optional.of(m.group(1)))),
            rule(
                    "(?:" + SHOW + " )?(?:all )?(?:the )?(?:latest |last |recent )?messages (?:of|for|from|to) "
                            + THING,
                    m -> new Intent.Messages(Optional.of(m.group(1)), Optional.empty())),
            rule(
                    "(?:" + SHOW + " )?(?:all )?(?:the )?(?:latest |last |recent )?messages",
                    m -> new Intent.Messages(Optional.empty(), Optional.empty())),
            rule("(?:show )?message " + ID, m -> new Intent.Message(m.group(1))),
            rule("retry (?:message )?" + ID, m -> new Intent.Retry(m.group(1))),
            rule(
                    "(?:(?:how|what)(?: is|'s) the |" + SHOW + " (?:the )?|the )?(?:upstream )?token(?: state| status)?"
                            + "|is the (?:upstream )?token (?:ok|valid|good|fine)",
                    m -> new Intent.Token()),
            rule("(?:refresh|renew) (?:the )?(?:upstream )?token", m -> new Intent.RefreshToken()),
            rule("(?:" + SHOW + " )?(?:all )?(?:the |my |open )*orders", m -> new Intent.Orders()),
            rule(
                    "(?:get |show |what(?: is|'s) )?(?:me )?(?:the |a )?(?:quotes?|prices?) (?:of|for) (.{1,200})",
                    m -> quotes(m.group(1))),
            rule(
                    "(?:what(?: is|'s)|how(?: is|'s)) " + THING + " (?:doing|up to|going)(?:,? and .*)?",
                    m -> about(m.group(1))),
            rule("why (?:is|does|did|has|was) " + THING + " .*", m -> about(m.group(1))),
            rule("(?:what(?: is|'s) )?(?:the )?(?:status|state) of " + THING, m -> about(m.group(1))),
            rule("what(?: is|'s) (?:wrong|happening|going on|up|the matter) with " + THING, m -> about(m.group(1))),
            rule(
                    "is " + THING + " (?:ok|okay|fine|up|down|running|online|alive|healthy|red|dead|stopped).*",
                    m -> about(m.group(1))),
            rule(
                    "(?:how(?: is|'s)|(?:show|describe|inspect|check)(?: me)?|tell me about|what about) " + THING,
                    m -> about(m.group(1))));

    private Grammar() {}

    /** What the text asks for. */
    static Intent parse(String text) {
        String line = text.strip();
        if (line.startsWith("/")) {
            return command(line);
        }
        if (line.length() > MOST_WORDS) {
            return new Intent.Unknown(Optional.empty());
        }
        String words = line.replaceAll("\\s+", " ")
                .replaceFirst("(?i)^(?:please|could you|can you|would you|hey fairlead|fairlead)[, ]+(?:please )?", "")
                .replaceFirst("(?i)[,]? please[.!?]*$", "")
                .replaceFirst("[.!?]+$", "")
                .strip();
        if (words.isEmpty()) {
            return line.contains("?") ? new Intent.Help() : new Intent.Unknown(Optional.empty());
        }
        String lower = words.toLowerCase(Locale.ROOT);
        for (Rule rule : WORDS) {
            // Names are lower-case; what is searched for, and symbols, are taken as they were written.
            Matcher matcher = rule.pattern().matcher(words);
            if (matcher.matches()) {
                Intent intent = rule.intent().apply(matcher);
                if (!(intent instanceof Intent.Unknown)) {
                    return intent;
                }
            }
        }
        return new Intent.Unknown(closest(lower.split(" ", 2)[0]));
    }

    private static Intent command(String line) {
        String[] parts = line.split("\\s+", 2);
        String command = parts[0].toLowerCase(Locale.ROOT);
        String rest = parts.length > 1 ? parts[1].strip() : "";
        return switch (command) {
            case "/help", "/h", "/?", "/commands" -> new Intent.Help();
            case "/status", "/overview" ->
                rest.isEmpty() ? new Intent.Overview() : named(rest, "/status [NAME]", Intent.About::new);
            case "/instances", "/ls", "/ps" -> new Intent.Instances(rest.equals("all") || rest.equals("archived"));
            case "/agents" -> new Intent.Agents();
            case "/show", "/about", "/why" -> named(rest, "/show NAME", Intent.About::new);
            case "/start" -> named(rest, "/start NAME", name -> new Intent.Act("start_instance", name));
            case "/stop" -> named(rest, "/stop NAME", name -> new Intent.Act("stop_instance", name));
            case "/restart" -> named(rest, "/restart NAME", name -> new Intent.Act("restart_instance", name));
            case "/logs", "/log", "/tail" -> logs(rest);
            case "/search", "/grep" -> search(rest);
            case "/messages" -> messages(rest);
            case "/message" -> id(rest, "/message ID", Intent.Message::new);
            case "/send" -> send(rest);
            case "/retry" -> id(rest, "/retry ID", Intent.Retry::new);
            case "/token" -> new Intent.Token();
            case "/refresh" -> new Intent.RefreshToken();
            case "/quote", "/quotes", "/q" -> rest.isEmpty() ? new Intent.Incomplete("/quote SYMBOL…") : quotes(rest);
            case "/orders" -> new Intent.Orders();
            case "/confirm" -> id(rest, "/confirm ORDER-ID", Intent.ConfirmOrder::new);
            default -> new Intent.Unknown(closest(command));
        };
    }

    private static Intent named(String rest, String usage, Function<String, Intent> intent) {
        return rest.matches("[a-z0-9][a-z0-9-]{0,62}") ? intent.apply(rest) : new Intent.Incomplete(usage);
    }

    private static Intent id(String rest, String usage, Function<String, Intent> intent) {
        return rest.matches("[A-Za-z0-9-]{1,64}") ? intent.apply(rest) : new Intent.Incomplete(usage);
    }

    private static Intent logs(String rest) {
        Matcher matcher =
                Pattern.compile("([a-z0-9][a-z0-9-]{0,62})(?:\\s+(\\d{1,4}))?").matcher(rest);
        return matcher.matches()
                ? log(matcher.group(1), Optional.ofNullable(matcher.group(2)))
                : new Intent.Incomplete("/logs NAME [LINES]");
    }

    private static Intent search(String rest) {
        Matcher matcher =
                Pattern.compile("([a-z0-9][a-z0-9-]{0,62})\\s+(.{1,200})").matcher(rest);
        return matcher.matches()
                ? new Intent.SearchLog(matcher.group(1), matcher.group(2))
                : new Intent.Incomplete("/search NAME TEXT");
    }

    private static Intent messages(String rest) {
        if (rest.isEmpty()) {
            return new Intent.Messages(Optional.empty(), Optional.empty());
        }
        if (rest.matches(STATUS)) {
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
                        "([a-z0-9][a-z0-9-]{0,62})\\s+([A-Za-z0-9._-]{1,128})(?:\\s+(.+))?", Pattern.DOTALL)
                .matcher(rest);
        return matcher.matches()
                ? new Intent.Send(
                        matcher.group(1),
                        matcher.group(2),
                        Optional.ofNullable(matcher.group(3)).orElse("{}"))
                : new Intent.Incomplete("/send NAME TYPE [PAYLOAD], such as /send worker task.run {\"n\":1}");
    }

    private static Intent log(String written, Optional<String> lines) {
        String name = written.toLowerCase(Locale.ROOT);
        int many = lines.map(Integer::parseInt).orElse(LOG_LINES);
        return NO_NAMES.contains(name)
                ? new Intent.Unknown(Optional.empty())
                : new Intent.Log(name, Math.max(1, Math.min(many, MAX_LOG_LINES)));
    }

    private static Intent act(String tool, String written) {
        String name = written.toLowerCase(Locale.ROOT);
        return NO_NAMES.contains(name) ? new Intent.Unknown(Optional.empty()) : new Intent.Act(tool, name);
    }

    private static Intent about(String written) {
        String name = written.toLowerCase(Locale.ROOT);
        return NO_NAMES.contains(name) ? new Intent.Unknown(Optional.empty()) : new Intent.About(name);
    }

    private static Intent quotes(String text) {
        List<String> symbols = new ArrayList<>();
        for (String symbol : text.split("[\\s,]+|\\band\\b", -1)) {
            if (!symbol.isBlank() && symbols.size() < 20) {
                symbols.add(symbol.toUpperCase(Locale.ROOT));
            }
        }
        return symbols.isEmpty() ? new Intent.Incomplete("/quote SYMBOL…") : new Intent.Quotes(symbols);
    }

    private static Rule rule(String pattern, Function<Matcher, Intent> intent) {
        return new Rule(Pattern.compile(pattern, Pattern.CASE_INSENSITIVE), intent);
    }

    /** The command that starts alike, or is one slip of the finger away. */
    private static Optional<String> closest(String word) {
        String sought = word.startsWith("/") ? word : "/" + word;
        return COMMANDS.stream()
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
