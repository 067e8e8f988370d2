package dev.fairlead.gateway.faces.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.chat.ChatCommands;
import dev.fairlead.gateway.chat.turn.Given;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * {@code /v1/responses}: each is a turn in the session of the one before it, or of its conversation. One that is stored
 * can be fetched for as long as it is, from the events that were told, or anew from what is kept.
 */
final class Responses {
    private final Vertx vertx;
    private final Bus bus;
    private final String chat;
    private final TimeSource time;
    private final Models models;
    private final Runs runs;
    private final Waits waits;
    private final Conversations conversations;

    Responses(
            Vertx vertx,
            Bus bus,
            String chat,
            TimeSource time,
            Models models,
            Runs runs,
            Waits waits,
            Conversations conversations) {
        this.vertx = vertx;
        this.bus = bus;
        this.chat = chat;
        this.time = time;
        this.models = models;
        this.runs = runs;
        this.waits = waits;
        this.conversations = conversations;
    }

    private record Read(ResponseQuestion question, String hash) {}

    /**
     * Where a response goes on.
     *
     * @param session the new one's, where absent
     */
    private record Place(Optional<String> session, List<JsonNode> before) {}

    /** Answers a request, or says where its answer is to be had. */
    Future<OpenAiCommands.Reply> create(OpenAiCommands.Respond asked) {
        OpenAiCommands.Asker asker = asked.asker();
        return vertx.executeBlocking(
                        () -> new Read(ResponseQuestion.read(asked.body()), RequestHash.of("responses", asked.body())),
                        false)
                .compose(read -> asked.again()
                        ? runs.same(asker.owner(), read.hash())
                                .compose(known -> known.map(same -> answer(recalled(same), read.question(), -1))
                                        .orElseGet(() -> begin(asker, read)))
                        : begin(asker, read));
    }

    /** One response, or its events after a number. */
    Future<OpenAiCommands.Reply> retrieve(OpenAiCommands.Retrieve asked) {
        return require(asked.asker(), asked.id())
                .map(run -> asked.streamed()
                        ? new OpenAiCommands.Reply(
                                200,
                                run.writer().body(),
                                true,
                                Optional.of(new OpenAiCommands.Open(
                                        run.facts().id(), run.facts().sessionId(), true, asked.after())))
                        : OpenAiCommands.Reply.ok(run.writer().body()));
    }

    /** Ends the turn, where it runs; answered with what it then is. */
    Future<OpenAiCommands.Reply> cancel(OpenAiCommands.Cancel asked) {
        return require(asked.asker(), asked.id())
                .compose(run -> stop(asked.asker(), run))
                .map(run -> OpenAiCommands.Reply.ok(run.writer().body()));
    }

    Future<OpenAiCommands.Reply> delete(OpenAiCommands.Delete asked) {
        return require(asked.asker(), asked.id())
                .compose(run -> stop(asked.asker(), run))
                .compose(run -> runs.forget(run.facts()))
                .map(others -> OpenAiCommands.Reply.ok(FrameCodec.object()
                        .put("id", asked.id())
                        .put("object", "response")
                        .put("deleted", true)));
    }

    Future<OpenAiCommands.Reply> inputItems(OpenAiCommands.InputItems asked) {
        return stored(asked.asker(), asked.id()).map(found -> {
            JsonNode input = FrameCodec.tree(found.question()).path("input");
            ArrayNode newestFirst = FrameCodec.object().putArray("data");
            for (int i = input.size() - 1; i >= 0; i--) {
                newestFirst.add(input.get(i));
            }
            return OpenAiCommands.Reply.ok(Conversations.page(newestFirst));
        });
    }

    private Future<OpenAiCommands.Reply> begin(OpenAiCommands.Asker asker, Read read) {
        ResponseQuestion question = read.question();
        return place(asker, question)
                .compose(place -> models.agent(question.model()).compose(agent -> begin(asker, read, place, agent)));
    }

    private Future<OpenAiCommands.Reply> begin(OpenAiCommands.Asker asker, Read read, Place place, String agent) {
        ResponseQuestion question = read.question();
        Dialogue dialogue = question.dialogue(place.before());
        String content = dialogue.content("input");
        Given given = dialogue.given(
                question.functions(), Fields.choice(question.body().path("tool_choice")), asker.changes());
        boolean stored = question.stored() && given.trust() != Given.Trust.NOBODY;
        Instant now = time.instant();
        String unique = UUID.randomUUID().toString().replace("-", "");
        Run.Facts facts = new Run.Facts(
                "resp_" + unique,
                stored ? Run.Kind.RESPONSE : Run.Kind.PASSING,
                asker.owner(),
                stored ? place.session().orElse("resp-" + unique) : "resp-" + unique,
                agent,
                read.hash());
        if (runs.inSession(facts.sessionId()).isPresent()) {
            throw new ApiError.Refusal(new ApiError(
                    409,
                    "Another response of this conversation is under way; wait for its end, or cancel it",
                    Optional.empty(),
                    "conversation_locked",
                    false));
        }
        ObjectNode response = question.response(facts.id(), now.getEpochSecond());
        Set<String> functions =
                given.functions().stream().map(Given.Function::name).collect(Collectors.toUnmodifiableSet());
        ObjectNode kept = FrameCodec.object();
        kept.set("input", question.input());
        kept.set("functions", FrameCodec.toTree(functions));
        kept.set("response", response.deepCopy());
        RunRows.Stored row = new RunRows.Stored(
                facts,
                true,
                0,
                Runs.NUMBERS,
                question.previousId(),
                question.conversationId(),
                now,
                FrameCodec.text(kept),
                Optional.empty());
        if (row.question().length() > RunRows.MOST_KEPT) {
            throw new ApiError.Refusal(new ApiError(
                    413,
                    "The input is too long; a response keeps " + RunRows.MOST_KEPT + " characters of it",
                    Optional.of("input"),
                    "payload_too_large",
                    false));
        }
        Run run = new Run(facts, functions, new ResponseWriter(response));
        ChatCommands.Say say = new ChatCommands.Say(
                facts.sessionId(),
                Optional.empty(),
                Optional.of(agent),
                asker.owner(),
                asker.address(),
                content,
                Optional.empty(),
                Optional.of(facts.id()),
                "",
                true,
                given.within(asker.traceparent()));
        return runs.begin(run, row, say).compose(begun -> answer(begun, question, -1));
    }

    private Future<OpenAiCommands.Reply> answer(Run run, ResponseQuestion question, long after) {
        return question.background() && !question.streamed()
                ? Future.succeededFuture(OpenAiCommands.Reply.ok(run.writer().body()))
                : waits.first(run, question.streamed(), after);
    }

    private Future<Place> place(OpenAiCommands.Asker asker, ResponseQuestion question) {
        if (question.conversationId().isPresent()) {
            return conversations.require(asker, question.conversationId().get()).compose(known -> runs.rows(
                            c -> RunRows.ofConversation(c, known.id(), asker.owner()))
                    .map(chain ->
                            new Place(Optional.of(known.sessionId()), Conversations.items(known.items(), chain))));
        }
        if (question.previousId().isEmpty()) {
            return Future.succeededFuture(new Place(Optional.empty(), List.of()));
        }
        return runs.rows(c -> RunRows.chain(c, question.previousId().get(), asker.owner()))
                .map(chain -> {
                    if (chain.isEmpty()) {
                        throw new ApiError.Refusal(new ApiError(
                                400,
                                "Previous response with id '"
                                        + question.previousId().get() + "' not found",
                                Optional.of("previous_response_id"),
                                "previous_response_not_found",
                                false));
                    }
                    return new Place(
                            Optional.of(chain.get(chain.size() - 1).facts().sessionId()),
                            Conversations.items(List.of(), chain));
                });
    }

    private Future<Run> stop(OpenAiCommands.Asker asker, Run run) {
        if (run.writer().isEnded()) {
            return Future.succeededFuture(run);
        }
        return bus.requestAt(chat, new ChatCommands.Abort(run.facts().sessionId(), asker.owner(), asker.address()))
                .compose(aborted -> waits.end(run))
                .map(run);
    }

    private Future<Run> require(OpenAiCommands.Asker asker, String id) {
        return runs.find(id, asker.owner())
                .filter(run -> run.facts().kind() == Run.Kind.RESPONSE)
                .map(Future::succeededFuture)
                .orElseGet(() -> stored(asker, id).map(this::recalled));
    }

    private Future<RunRows.Stored> stored(OpenAiCommands.Asker asker, String id) {
        return runs.rows(c -> RunRows.find(c, id, asker.owner()))
                .map(found -> found.filter(row -> row.facts().kind() == Run.Kind.RESPONSE)
                        .orElseThrow(() -> new ApiError.Refusal(ApiError.notFound(
                                "Response with id '" + id.replaceAll("[^\\w-]", "?") + "' not found"))));
    }

    /** With its events at hand, which are told anew where they were forgotten. */
    private Run recalled(RunRows.Stored row) {
        return runs.find(row.facts().id(), row.facts().owner()).orElseGet(() -> {
            JsonNode kept = FrameCodec.tree(row.question());
            ResponseWriter writer = new ResponseWriter(kept.path("response").deepCopy());
            row.answer()
                    .ifPresentOrElse(
                            answer -> writer.retell(FrameCodec.tree(answer), row.numbers()),
                            () -> writer.resume(row.numbers())
                                    .failed(ApiError.ofTurn("interrupted", "What became of this turn is not known")));
            return runs.recall(row.facts(), writer);
        });
    }

    /** The names of a client's tools, as they were kept. */
    static Set<String> functions(JsonNode kept) {
        List<String> names = new ArrayList<>();
        kept.path("functions").forEach(name -> names.add(name.asText()));
        return Set.copyOf(names);
    }
}
