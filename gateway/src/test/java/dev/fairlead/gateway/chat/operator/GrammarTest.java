package dev.fairlead.gateway.chat.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrammarTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    what is agent-3 doing and why is it red? | About[name=agent-3]
                    What's agent-3 doing?                    | About[name=agent-3]
                    why is Agent-3 red                       | About[name=agent-3]
                    how is worker-1?                         | About[name=worker-1]
                    is the instance worker-1 running?        | About[name=worker-1]
                    status of worker-1                       | About[name=worker-1]
                    /status worker-1                         | About[name=worker-1]
                    list instances                           | Instances[archivedToo=false]
                    show me all the instances                | Instances[archivedToo=false]
                    what is running?                         | Instances[archivedToo=false]
                    which instances are down?                | Instances[archivedToo=false]
                    show archived instances                  | Instances[archivedToo=true]
                    /instances                               | Instances[archivedToo=false]
                    start x                                  | Act[tool=start_instance, name=x]
                    Please start the agent agent-3.          | Act[tool=start_instance, name=agent-3]
                    /start x                                 | Act[tool=start_instance, name=x]
                    stop worker-1!                           | Act[tool=stop_instance, name=worker-1]
                    could you restart worker-1 please?       | Act[tool=restart_instance, name=worker-1]
                    stop everything of team a                | ActOnMany[action=stop, selector=team=a]
                    Please restart all instances with the label Team=Blue-1. | ActOnMany[action=restart, selector=team=Blue-1]
                    start all in team 'b'                    | ActOnMany[action=start, selector=team=b]
                    /stop team=a,tier!=web                   | ActOnMany[action=stop, selector=team=a,tier!=web]
                    list the instances of team a             | Labelled[selector=team=a]
                    what is in team a?                       | Labelled[selector=team=a]
                    /instances team in (a,b),x=y             | Labelled[selector=team in (a,b),x=y]
                    show the log of x                        | Log[name=x, lines=20]
                    last 5 lines of worker-1                 | Log[name=worker-1, lines=5]
                    show worker-1 logs                       | Log[name=worker-1, lines=20]
                    /logs worker-1 9999                      | Log[name=worker-1, lines=200]
                    search "Out of Memory" in worker-1       | SearchLog[name=worker-1, text=Out of Memory]
                    /search x a b                            | SearchLog[name=x, text=a b]
                    list agents                              | Agents[]
                    who is online?                           | Agents[]
                    show dead letters                        | Messages[agent=Optional.empty, status=Optional[dead_lettered]]
                    messages from worker-1                   | Messages[agent=Optional[worker-1], status=Optional.empty]
                    /messages failed                         | Messages[agent=Optional.empty, status=Optional[failed]]
                    how is the token?                        | Token[]
                    /token                                   | Token[]
                    price of spx                             | Quotes[symbols=[SPX]]
                    /quote SPX AAPL                          | Quotes[symbols=[SPX, AAPL]]
                    orders                                   | Orders[]
                    what's wrong?                            | Overview[]
                    how are things                           | Overview[]
                    which instances failed?                  | Failed[]
                    Which instances have failed              | Failed[]
                    show me the failed instances             | Failed[]
                    /failed                                  | Failed[]
                    what happened in the last 10 minutes?    | Happened[minutes=10]
                    what happened in the last hour           | Happened[minutes=60]
                    What has happened within the past 2 days | Happened[minutes=1440]
                    what happened?                           | Happened[minutes=10]
                    show the events of the last 5 minutes    | Happened[minutes=5]
                    /events 30                               | Happened[minutes=30]
                    show me the last 5 lines of printer      | Log[name=printer, lines=5]
                    the latest 7 log lines from printer's log | Log[name=printer, lines=7]
                    Why is printer red?                      | About[name=printer]
                    hello                                    | Greeting[]
                    help                                     | Help[]
                    ?                                        | Help[]
                    any errors?                              | Overview[]
                    what failed?                             | Overview[]
                    is anything red?                         | Overview[]
                    which orders wait?                       | Orders[]
                    show me the waiting orders               | Orders[]
                    what does SPX cost?                      | Quotes[symbols=[SPX]]
                    how much are SPX and AAPL                | Quotes[symbols=[SPX, AAPL]]
                    what is spy at now?                      | Quotes[symbols=[SPY]]
                    quote spx aapl                           | Quotes[symbols=[SPX, AAPL]]
                    search worker's log for Out of Memory    | SearchLog[name=worker, text=Out of Memory]
                    search the log of worker-1 for "x y"     | SearchLog[name=worker-1, text=x y]
                    stop everything                          | Incomplete[usage=/stop NAME, or /stop KEY=VALUE for all that have that label]
                    approve the order                        | Incomplete[usage=/confirm ORDER-ID; /orders lists those that wait]
                    retry the dead letter                    | Incomplete[usage=/retry ID; /messages dead lists the dead letters]
                    send worker hello there                  | Incomplete[usage=/send NAME TYPE [PAYLOAD], such as /send worker task.run {"n":1}]
                    /start                                   | Incomplete[usage=/start NAME, or /start KEY=VALUE for all that have that label]
                    /start A b                               | Incomplete[usage=/start NAME, or /start KEY=VALUE for all that have that label]
                    /strat x                                 | Unknown[closest=Optional[/start]]
                    """)
    void is_understood(String text, String intent) {
        assertThat(Grammar.parse(text)).hasToString(intent);
    }

    @Test
    void the_payload_of_a_message_is_taken_as_it_stands() {
        assertThat(Grammar.parse("/send worker task.run {\"a\": [1,  2]}"))
                .isEqualTo(new Intent.Send("worker", "task.run", "{\"a\": [1,  2]}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "should I start x?",
                "why did you stop x and start y",
                "don't stop x",
                "start everything",
                "do not restart worker-1",
                "what happens if I stop x",
                "stop it",
            })
    void a_sentence_that_is_no_plain_imperative_changes_nothing(String text) {
        assertThat(Grammar.parse(text)).isNotInstanceOf(Intent.Act.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tell me a joke", "", "/", "///", "💥", "\u0000", "<script>alert(1)</script>"})
    void what_is_not_understood_is_said_to_be_so(String text) {
        Intent intent = Grammar.parse(text);
        assertThat(intent).isInstanceOfAny(Intent.Unknown.class, Intent.Help.class);
        assertThat(Words.unknown(Optional.empty())).contains("/help");
    }

    @Test
    void every_command_of_the_help_is_one() {
        for (String command : SlashCommands.ALL) {
            assertThat(Words.help()).contains(command);
            assertThat(List.of(Grammar.parse(command), Grammar.parse(command + " x")))
                    .noneMatch(Intent.Unknown.class::isInstance);
        }
    }

    @Test
    void a_long_text_is_read_in_no_time() {
        assertThat(Grammar.parse("what is " + "the ".repeat(10_000) + "x doing"))
                .isNotNull();
    }
}
