package dev.fairlead.gateway.faces.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.chat.ChatCommands;
import dev.fairlead.gateway.chat.turn.Given;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ChatFrame;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** {@code POST /v1/chat/completions}: each is a turn in a session of its own, which goes when it has been answered. */
final class Completions {
    private final Vertx vertx;
    private final TimeSource time;
    private final Models models;
    private final Runs runs;
    private final Waits waits;

    Completions(Vertx vertx, TimeSource time, Models models, Runs runs, Waits waits) {
        this.vertx = vertx;
        this.time = time;
        this.models = models;
        this.runs = runs;
        this.waits = waits;
    }

    private record Read(CompletionQuestion question, String hash) {}

    /** Answers a request, or says where its answer is to be had. */
    Future<OpenAiCommands.Reply> complete(OpenAiCommands.Complete asked) {
        OpenAiCommands.Asker asker = asked.asker();
        return vertx.executeBlocking(
                        () -> new Read(
                                CompletionQuestion.read(asked.body(), asker.changes()),
                                RequestHash.of("chat/completions", asked.body())),
                        false)
                .compose(read -> asked.again()
                        ? runs.same(asker.owner(), read.hash())
                                .compose(known -> known.map(this::repeated).orElseGet(() -> begin(asker, read)))
                        : begin(asker, read));
    }

    private Future<OpenAiCommands.Reply> begin(OpenAiCommands.Asker asker, Read read) {
        CompletionQuestion question = read.question();
        return models.agent(question.model()).compose(agent -> {
            Instant now = time.instant();
            String unique = UUID.randomUUID().toString().replace("-", "");
            Run.Facts facts = new Run.Facts(
                    "chatcmpl-" + unique, Run.Kind.COMPLETION, asker.owner(), "chatcmpl-" + unique, agent, read.hash());
            CompletionWriter.Head head = new CompletionWriter.Head(
                    facts.id(), now.getEpochSecond(), question.model(), question.streamed(), question.usage());
            Set<String> functions = question.given().functions().stream()
                    .map(Given.Function::name)
                    .collect(Collectors.toUnmodifiableSet());
            Run run = new Run(facts, functions, new CompletionWriter(head));
            ObjectNode kept = FrameCodec.object();
            kept.set("head", FrameCodec.toTree(head));
            kept.set("functions", FrameCodec.toTree(functions));
            RunRows.Stored stored = new RunRows.Stored(
                    facts,
                    true,
                    0,
                    0,
                    Optional.empty(),
                    Optional.empty(),
                    now,
                    FrameCodec.text(kept),
                    Optional.empty());
            ChatCommands.Say say = new ChatCommands.Say(
                    facts.sessionId(),
                    Optional.empty(),
                    Optional.of(agent),
                    asker.owner(),
                    asker.address(),
                    question.content(),
                    Optional.empty(),
                    Optional.of(facts.id()),
                    "",
                    true,
                    question.given().within(asker.traceparent()));
            return runs.begin(run, stored, say).compose(begun -> waits.first(begun, question.streamed(), -1));
        });
    }

    /** The same request once more: the same turn's answer, whatever became of it. */
    private Future<OpenAiCommands.Reply> repeated(RunRows.Stored known) {
        Run.Facts facts = known.facts();
        CompletionWriter.Head head =
                FrameCodec.fromTree(FrameCodec.tree(known.question()).path("head"), CompletionWriter.Head.class);
        return runs.find(facts.id(), facts.owner())
                .or(() -> known.answer().map(answer -> ended(known, head, FrameCodec.tree(answer))))
                .map(run -> waits.first(run, head.streamed(), -1))
                .orElseThrow(() -> new ApiError.Refusal(new ApiError(
                        503,
                        "The turn was accepted before the gateway was restarted, and what became of it is not known yet",
                        Optional.empty(),
                        "outcome_unknown",
                        true)));
    }

    /** A turn whose events are not at hand any more: its text comes as one. */
    private Run ended(RunRows.Stored known, CompletionWriter.Head head, JsonNode answer) {
        CompletionWriter writer = new CompletionWriter(head);
        JsonNode error = answer.path("error");
        if (error.isObject()) {
            writer.failed(new ApiError(
                    known.httpStatus(),
                    error.path("message").asText(),
                    Optional.empty(),
                    error.path("code").asText(),
                    false));
        } else {
            JsonNode message = answer.path("choices").path(0).path("message");
            message.path("tool_calls")
                    .forEach(call -> writer.call(
                            call.path("id").asText(),
                            call.path("function").path("name").asText(),
                            call.path("function").path("arguments").asText()));
            Fields.text(message, "content").ifPresent(writer::text);
            JsonNode usage = answer.path("usage");
            writer.done(Optional.of(new ChatFrame.Usage(
                    usage.path("prompt_tokens").asLong(),
                    usage.path("completion_tokens").asLong())));
        }
        return runs.recall(known.facts(), writer);
    }
}
