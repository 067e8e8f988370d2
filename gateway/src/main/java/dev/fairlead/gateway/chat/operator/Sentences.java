package dev.fairlead.gateway.chat.operator;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an operator may say in words, {@code what is agent-3 doing?}. They ask for a change only as a plain imperative
 * that is the whole sentence, so that a question never changes anything.
 */
final class Sentences {
    private record Rule(Pattern pattern, Function<Matcher, Intent> intent) {}

    /** Characters of a question; patterns over longer ones would go deeper than a stack is. */
    private static final int MOST_WORDS = 500;

    private static final String NAME = "[\"'`]?(" + Grammar.NAME + ")[\"'`]?";
    private static final String THING = "(?:(?:the|my|our|instance|agent|process|service|bot) )*" + NAME;
    private static final String ID = "([0-9a-f]{8}-[0-9a-f-]{27})";
    private static final String OF_LABEL = "(?:of|in|from|with|on)(?: the)?(?: label)? " + Grammar.LABEL;
    private static final String ALL_OF =
            "(?:all|everything|every instance|all (?:the )?instances|the instances|instances|everyone|everybody) "
                    + OF_LABEL;
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

    private static final List<Rule> RULES = List.of(
            rule("(?:help|\\?|what can (?:you|i) do|how does this work|commands)", m -> new Intent.Help()),
            rule(
                    "(?:hi|hello|hey|good (?:morning|evening|day)|thanks|thank you|ok|okay)(?: there)?",
                    m -> new Intent.Greeting()),
            rule(
                    "(?:status|overview|summary|how (?:is|are) (?:it|things|everything|all|the fleet|the system|you)"
                            + "(?: going| doing)?|what(?: is|'s) (?:going on|up|wrong|red|down|broken|happening)"
                            + "|what (?:has |is |are )?(?:failed|failing|needs (?:me|attention))"
                            + "|is (?:everything|all) (?:ok|okay|fine|good|up)"
                            + "|(?:is (?:there )?)?(?:anything|something) (?:wrong|red|broken|down|failing)"
                            + "|(?:are there )?(?:any )?(?:errors|problems|failures))",
                    m -> new Intent.Overview()),
            rule(
                    "(start|stop|restart) " + ALL_OF,
                    m -> new Intent.ActOnMany(
                            m.group(1).toLowerCase(Locale.ROOT), Grammar.label(m.group(2), m.group(3)))),
            rule(
                    "(?:" + SHOW + " )?" + ALL_OF + "|(?:what|which|who) (?:instances )?(?:is|are) " + OF_LABEL,
                    m -> m.group(1) != null
                            ? new Intent.Labelled(Grammar.label(m.group(1), m.group(2)))
                            : new Intent.Labelled(Grammar.label(m.group(3), m.group(4)))),
            rule("start " + THING, m -> act("start_instance", m.group(1))),
            rule("stop " + THING, m -> act("stop_instance", m.group(1))),
            rule("restart " + THING, m -> act("restart_instance", m.group(1))),
            rule("(?:" + SHOW + " )?(?:all )?(?:the )?archived instances", m -> new Intent.Instances(true)),
            rule(
                    "(?:" + SHOW + " )?(?:all )?(?:the |my )?(?:instances|processes|services)(?: running| are there)?",
                    m -> new Intent.Instances(false)),
            rule(
                    "(?:(?:what|which) (?:of (?:the|my) )?(?:instances?|processes|services?)(?: (?:have|has|are|is|did|had))?"
                            + "|(?:" + SHOW + " )?(?:all )?(?:the |my )?(?:instances?|processes|services?)"
                            + " (?:that|which)(?: have| has| are| is)?)"
                            + " (?:failed|failing|red|broken|crashed|unhealthy|fail|crash)(?: now)?",
                    m -> new Intent.Failed()),
            rule(
                    "(?:" + SHOW + " )?(?:all )?(?:the |my )?(?:failed|red|broken|crashed|unhealthy|failing)"
                            + " (?:instances|processes|services)",
                    m -> new Intent.Failed()),
            rule(
                    "(?:what(?: has|'s| is)? (?:happened|happening|new|changed|been going on|went on)|"
                            + "(?:" + SHOW + " )?(?:the )?(?:latest |recent )?(?:events|news))"
                            + " (?:in|within|during|over|of|for|from) (?:the )?(?:last |past )?(?:(\\d{1,4}) )?"
                            + "(minutes?|mins?|hours?|days?)",
                    m -> Grammar.happened(
                            Optional.ofNullable(m.group(1)), m.group(2).toLowerCase(Locale.ROOT))),
            rule(
                    "what (?:has )?(?:just )?happened(?: just now| recently| lately)?|what(?: is|'s) new" + "|(?:"
                            + SHOW + " )?(?:the )?(?:latest |recent |last )?events",
                    m -> Grammar.happened(Optional.empty(), "minutes")),
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
                    "(?:show |read |tail |give |get |print )?(?:me )?(?:the )?(?:last|latest|newest) (\\d{1,4}) (?:log )?lines"
                            + " (?:of|for|from|in) (?:the logs? (?:of|for) )?" + THING + "(?:'s logs?)?",
                    m -> log(m.group(2), Optional.of(m.group(1)))),
            rule("(?:show |read |tail )(?:me )?" + THING + "(?:'s)? logs?", m -> log(m.group(1), Optional.empty())),
            rule("tail " + THING, m -> log(m.group(1), Optional.empty())),
            rule(
                    "(?:search|grep|find|look for) [\"']?(.{1,200}?)[\"']? in (?:the )?(?:logs? of )?" + THING
                            + "(?:'s logs?)?",
                    m -> new Intent.SearchLog(m.group(2), m.group(1))),
            rule(
                    "(?:search|grep) (?:the )?(?:logs? of )?" + THING
                            + "(?:'s)?(?: logs?)? for [\"']?(.{1,200}?)[\"']?",
                    m -> new Intent.SearchLog(m.group(1), m.group(2))),
            rule(
                    "(?:" + SHOW + " )?(?:all )?(?:the )?dead[- _]?letters?(?:ed)?(?: messages)?",
                    m -> new Intent.Messages(Optional.empty(), Optional.of("dead_lettered"))),
            rule(
                    "(?:" + SHOW + " )?(?:all )?(?:the )?" + Grammar.STATUS + " messages",
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
            rule("retry .*", m -> new Intent.Incomplete(SlashCommands.RETRY)),
            rule("send .*", m -> new Intent.Incomplete(SlashCommands.SEND)),
            rule(
                    "(?:(?:how|what)(?: is|'s) the |" + SHOW + " (?:the )?|the )?(?:upstream )?token(?: state| status)?"
                            + "|is the (?:upstream )?token (?:ok|valid|good|fine)",
                    m -> new Intent.Token()),
            rule("(?:refresh|renew) (?:the )?(?:upstream )?token", m -> new Intent.RefreshToken()),
            rule(
                    "(?:(?:" + SHOW + "|which|what|any) )?(?:all )?(?:the |my |open |waiting )*orders(?: are| that)?"
                            + "(?: open| there| wait(?:ing)?(?: for me)?| need (?:me|confirmation))?",
                    m -> new Intent.Orders()),
            rule("(?:confirm|approve) (?:the )?(?:order )?" + ID, m -> new Intent.ConfirmOrder(m.group(1))),
            rule("(?:confirm|approve) .*", m -> new Intent.Incomplete(SlashCommands.CONFIRM)),
            rule(
                    "(?:get |show |what(?: is|'s) )?(?:me )?(?:the |a )?(?:quotes?|prices?) (?:of|for) (.{1,200})",
                    m -> Grammar.quotes(m.group(1))),
            rule("(?:quotes?|prices?) (.{1,200})", m -> Grammar.quotes(m.group(1))),
            rule(
                    "(?:what (?:does|do)|how much (?:does|do|is|are)) (.{1,200}?)(?: cost| now| at)*",
                    m -> Grammar.quotes(m.group(1))),
            rule("what(?: is|'s) (\\S{1,40}) (?:trading )?at(?: now)?", m -> Grammar.quotes(m.group(1))),
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

    private Sentences() {}

    /** What the words ask for. */
    static Intent parse(String line) {
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
        for (Rule rule : RULES) {
            // Names are lower-case; what is searched for, and symbols, are taken as they were written.
            Matcher matcher = rule.pattern().matcher(words);
            if (matcher.matches()) {
                Intent intent = rule.intent().apply(matcher);
                if (!(intent instanceof Intent.Unknown)) {
                    return intent;
                }
            }
        }
        return new Intent.Unknown(
                SlashCommands.closest(words.toLowerCase(Locale.ROOT).split(" ", 2)[0]));
    }

    private static Intent log(String written, Optional<String> lines) {
        String name = written.toLowerCase(Locale.ROOT);
        return NO_NAMES.contains(name) ? new Intent.Unknown(Optional.empty()) : Grammar.log(name, lines);
    }

    private static Intent act(String tool, String written) {
        String name = written.toLowerCase(Locale.ROOT);
        return NO_NAMES.contains(name)
                ? new Intent.Incomplete(Grammar.actUsage(tool.replace("_instance", "")))
                : new Intent.Act(tool, name);
    }

    private static Intent about(String written) {
        String name = written.toLowerCase(Locale.ROOT);
        return NO_NAMES.contains(name) ? new Intent.Unknown(Optional.empty()) : new Intent.About(name);
    }

    private static Rule rule(String pattern, Function<Matcher, Intent> intent) {
        return new Rule(Pattern.compile(pattern, Pattern.CASE_INSENSITIVE), intent);
    }
}
