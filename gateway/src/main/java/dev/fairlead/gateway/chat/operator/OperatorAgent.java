package dev.fairlead.gateway.chat.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.chat.turn.ChatAgent;
import dev.fairlead.gateway.chat.turn.TurnContext;
import dev.fairlead.gateway.tools.ToolBox;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Function;

/** Answers commands and plain questions over the gateway's tools. */
public final class OperatorAgent implements ChatAgent {
    private static final int LINES_THAT_EXPLAIN = 5;

    @Override
    public Provider provider() {
        return new Provider("operator", Optional.empty());
    }

    @Override
    public Future<Void> prepare() {
        return Future.succeededFuture();
    }

    @Override
    public Future<Answer> run(TurnContext turn) {
        return answer(Grammar.parse(turn.content()), turn).map(text -> {
            for (String line : text.split("(?<=\n)", -1)) {
                turn.events().chunk(line);
            }
            return new Answer(text, Optional.empty());
        });
    }

    private Future<String> answer(Intent intent, TurnContext turn) {
        if (intent instanceof Intent.Help) {
            return Future.succeededFuture(Words.help());
        } else if (intent instanceof Intent.Greeting) {
            return Future.succeededFuture(Words.greeting());
        } else if (intent instanceof Intent.Incomplete incomplete) {
            return Future.succeededFuture("That is done like this: " + incomplete.usage());
        } else if (intent instanceof Intent.Unknown unknown) {
            return Future.succeededFuture(Words.unknown(unknown.closest()));
        } else if (intent instanceof Intent.Overview) {
            return overview(turn);
        } else if (intent instanceof Intent.About about) {
            return about(turn, about.name());
        }
        return call(intent, turn);
    }

    private Future<String> call(Intent intent, TurnContext turn) {
        ObjectNode args = FrameCodec.object();
        if (intent instanceof Intent.Instances instances) {
            if (instances.archivedToo()) {
                args.put("include_archived", true);
            }
            return tool(turn, "list_instances", args, Words::instances);
        } else if (intent instanceof Intent.Failed) {
            return tool(turn, "list_instances", args, Words::failed);
        } else if (intent instanceof Intent.Happened happened) {
            args.put("minutes", happened.minutes());
            return tool(turn, "recent_events", args, output -> EventWords.happened(happened.minutes(), output));
        } else if (intent instanceof Intent.Agents) {
            return tool(turn, "list_agents", args, Words::agents);
        } else if (intent instanceof Intent.Act act) {
            return tool(turn, act.tool(), args.put("name", act.name()), output -> Words.acted(act.tool(), output));
        } else if (intent instanceof Intent.Labelled labelled) {
            return tool(turn, "list_instances", args.put("selector", labelled.selector()), Words::labelled);
        } else if (intent instanceof Intent.ActOnMany act) {
            args.put("action", act.action()).put("selector", act.selector());
            return tool(turn, "act_on_instances", args, output -> ManyWords.acted(act, output));
        } else if (intent instanceof Intent.Log log) {
            args.put("name", log.name()).put("lines", log.lines());
            return tool(turn, "read_log", args, output -> Words.log(log.name(), output));
        } else if (intent instanceof Intent.SearchLog search) {
            args.put("name", search.name()).put("text", search.text());
            return tool(turn, "search_log", args, output -> Words.found(search, output));
        } else if (intent instanceof Intent.Messages messages) {
            messages.agent().ifPresent(agent -> args.put("agent", agent));
            messages.status().ifPresent(status -> args.put("status", status));
            return tool(turn, "list_messages", args, Words::messages);
        } else if (intent instanceof Intent.Message message) {
            return tool(turn, "get_message", args.put("message_id", message.id()), Words::message);
        } else if (intent instanceof Intent.Send send) {
            args.put("to", send.to()).put("type", send.type()).set("payload", payload(send.payload()));
            return tool(turn, "send_message", args, Words::sent);
        } else if (intent instanceof Intent.Retry retry) {
            return tool(turn, "retry_message", args.put("message_id", retry.id()), Words::retried);
        } else if (intent instanceof Intent.Token) {
            return tool(turn, "token_state", args, Words::token);
        } else if (intent instanceof Intent.RefreshToken) {
            return tool(turn, "refresh_token", args, Words::token);
        } else if (intent instanceof Intent.Quotes quotes) {
            args.put("symbols", String.join(",", quotes.symbols()));
            return tool(turn, "get_quotes", args, MarketWords::quotes);
        } else if (intent instanceof Intent.Orders) {
            return tool(turn, "list_orders", args, MarketWords::orders);
        } else if (intent instanceof Intent.ConfirmOrder confirm) {
            return tool(turn, "confirm_order", args.put("order_id", confirm.id()), MarketWords::confirmed);
        }
        return Future.succeededFuture(Words.unknown(Optional.empty()));
    }

    /** What is red comes first. */
    private static Future<String> overview(TurnContext turn) {
        Future<JsonNode> instances = read(turn, "list_instances", FrameCodec.object());
        Future<JsonNode> agents = read(turn, "list_agents", FrameCodec.object());
        Future<JsonNode> token = read(turn, "token_state", FrameCodec.object());
        Future<JsonNode> dead = read(turn, "list_messages", FrameCodec.object().put("status", "dead_lettered"));
        Future<JsonNode> orders = read(turn, "list_orders", FrameCodec.object().put("status", "needs_confirmation"));
        return Future.all(instances, agents, token, dead, orders).map(done -> new OverviewWords(
                        instances.result(), agents.result(), token.result(), dead.result(), orders.result())
                .say());
    }

    private static Future<JsonNode> read(TurnContext turn, String tool, ObjectNode args) {
        return turn.tools().call(tool, args).map(OperatorAgent::json);
    }

    /** An instance tells of its agent itself; only who is no instance is looked for among the agents. */
    private static Future<String> about(TurnContext turn, String name) {
        ObjectNode args = FrameCodec.object().put("name", name);
        return turn.tools().call("get_instance", args).compose(instance -> {
            if (instance.status() == ToolBox.Status.OK) {
                JsonNode found = json(instance);
                return log(turn, name)
                        .map(log -> Words.about(
                                name,
                                Optional.of(found),
                                Optional.of(found.path("agent")).filter(JsonNode::isObject),
                                log));
            }
            return turn.tools()
                    .call("get_agent", args)
                    .compose(agent -> agent.status() == ToolBox.Status.OK
                            ? log(turn, name)
                                    .map(log -> Words.about(name, Optional.empty(), Optional.of(json(agent)), log))
                            : Future.succeededFuture(Words.nobody(name)));
        });
    }

    private static Future<Optional<JsonNode>> log(TurnContext turn, String name) {
        ObjectNode args = FrameCodec.object().put("name", name).put("lines", LINES_THAT_EXPLAIN);
        return turn.tools().call("read_log", args).map(log -> Optional.of(json(log))
                .filter(ignored -> log.status() == ToolBox.Status.OK));
    }

    private static Future<String> tool(
            TurnContext turn, String name, ObjectNode args, Function<JsonNode, String> words) {
        return turn.tools().call(name, args).map(outcome -> switch (outcome.status()) {
            case OK -> words.apply(json(outcome));
            case FAILED -> Words.refused(json(outcome));
            case DENIED -> "As you wish: nothing was done.";
            case EXPIRED -> "Nobody approved it in time: nothing was done.";
        });
    }

    /** Outputs that were cut, or are plain words, are no JSON. */
    private static JsonNode json(ToolBox.Outcome outcome) {
        try {
            return FrameCodec.tree(outcome.output());
        } catch (FairleadException notJson) {
            return FrameCodec.object().put("message", outcome.output());
        }
    }

    private static JsonNode payload(String text) {
        try {
            return FrameCodec.tree(text);
        } catch (FairleadException notJson) {
            return FrameCodec.object().put("text", text);
        }
    }
}
