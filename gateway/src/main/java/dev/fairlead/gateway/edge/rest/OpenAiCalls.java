package dev.fairlead.gateway.edge.rest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.bus.Request;
import dev.fairlead.gateway.edge.access.Access;
import dev.fairlead.gateway.edge.access.Principal;
import dev.fairlead.gateway.edge.chat.ChatSockets;
import dev.fairlead.gateway.faces.openai.ApiError;
import dev.fairlead.gateway.faces.openai.OpenAiCommands;
import dev.fairlead.gateway.keys.KeyCommands;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/** {@code /v1}: OpenAI's API, whose answers and errors are made by its face. */
public final class OpenAiCalls {
    /** What all of its paths begin with. */
    public static final String PATH = "/v1";

    private static final String SHOULD_RETRY = "x-should-retry";
    private static final String RETRIES = "x-stainless-retry-count";
    private static final String EVENTS = "text/event-stream";

    private final Bus bus;
    private final String place;
    private final ChatSockets chats;
    private final Scheduler scheduler;

    /**
     * For one edge.
     *
     * @param chats by which its event loop hears what the chat tells
     */
    public OpenAiCalls(Bus bus, String node, ChatSockets chats, Scheduler scheduler) {
        this.chats = chats;
        this.scheduler = scheduler;
        this.bus = bus;
        this.place = OpenAiCommands.place(node);
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/v1/models", Access.OPENAI, call -> ask(call, new OpenAiCommands.ListModels())),
                // A model's name has slashes in it, which clients send as they are or escaped.
                Endpoint.get("/v1/models/:id", Access.OPENAI, call -> model(call, call.path("id"))),
                Endpoint.get(
                        "/v1/models/:owner/:id",
                        Access.OPENAI,
                        call -> model(call, call.path("owner") + "/" + call.path("id"))),
                Endpoint.get(
                        "/v1/models/:owner/:kind/:id",
                        Access.OPENAI,
                        call -> model(call, call.path("owner") + "/" + call.path("kind") + "/" + call.path("id"))),
                Endpoint.post("/v1/chat/completions", Access.OPENAI, this::complete)
                        .reading(JsonNode.class),
                Endpoint.post("/v1/responses", Access.OPENAI, this::respond).reading(JsonNode.class),
                Endpoint.get("/v1/responses/:id", Access.OPENAI, this::retrieve),
                Endpoint.delete(
                        "/v1/responses/:id",
                        Access.OPENAI,
                        call -> ask(call, new OpenAiCommands.Delete(asker(call), call.path("id")))),
                Endpoint.post(
                        "/v1/responses/:id/cancel",
                        Access.OPENAI,
                        call -> ask(call, new OpenAiCommands.Cancel(asker(call), call.path("id")))),
                Endpoint.get(
                        "/v1/responses/:id/input_items",
                        Access.OPENAI,
                        call -> ask(call, new OpenAiCommands.InputItems(asker(call), call.path("id")))),
                Endpoint.post(
                                "/v1/conversations",
                                Access.OPENAI,
                                call -> ask(call, new OpenAiCommands.CreateConversation(asker(call), bodyOrNone(call))))
                        .reading(JsonNode.class),
                Endpoint.get(
                        "/v1/conversations/:id",
                        Access.OPENAI,
                        call -> ask(call, new OpenAiCommands.GetConversation(asker(call), call.path("id")))),
                Endpoint.post(
                        "/v1/conversations/:id",
                        Access.OPENAI,
                        call -> ask(
                                call,
                                new OpenAiCommands.UpdateConversation(asker(call), call.path("id"), bodyOrNone(call)))),
                Endpoint.delete(
                        "/v1/conversations/:id",
                        Access.OPENAI,
                        call -> ask(call, new OpenAiCommands.DeleteConversation(asker(call), call.path("id")))),
                Endpoint.get(
                        "/v1/conversations/:id/items",
                        Access.OPENAI,
                        call -> ask(call, new OpenAiCommands.ConversationItems(asker(call), call.path("id")))),
                Endpoint.post(
                                "/v1/conversations/:id/items",
                                Access.OPENAI,
                                call -> ask(
                                        call,
                                        new OpenAiCommands.AddItems(
                                                asker(call), call.path("id"), call.body(JsonNode.class))))
                        .reading(JsonNode.class));
    }

    /** A refusal in the shape of this API. */
    public static Object refusal(FairleadException refusal) {
        return ApiError.of(refusal).body();
    }

    private Future<Answer> model(Call call, String id) {
        return ask(call, new OpenAiCommands.GetModel(id));
    }

    private Future<Answer> complete(Call call) {
        return ask(call, new OpenAiCommands.Complete(asker(call), call.body(JsonNode.class), isAgain(call)));
    }

    private Future<Answer> respond(Call call) {
        return ask(call, new OpenAiCommands.Respond(asker(call), call.body(JsonNode.class), isAgain(call)));
    }

    private Future<Answer> retrieve(Call call) {
        boolean streamed = call.query("stream").filter("true"::equals).isPresent();
        long after = call.number("starting_after", -1, -1, Integer.MAX_VALUE);
        return ask(call, new OpenAiCommands.Retrieve(asker(call), call.path("id"), streamed, after));
    }

    private static JsonNode bodyOrNone(Call call) {
        return call.optionalBody(JsonNode.class).orElseGet(FrameCodec::object);
    }

    private <Q extends Request<OpenAiCommands.Reply>> Future<Answer> ask(Call call, Q request) {
        return bus.requestAt(place, request)
                .compose(reply -> reply.open().isEmpty()
                        ? Future.succeededFuture(answer(reply.status(), reply.body(), reply.mayRetry()))
                        : opened(call, reply.open().get()));
    }

    private Future<Answer> opened(Call call, OpenAiCommands.Open open) {
        if (!open.streamed()) {
            return ask(call, new OpenAiCommands.Await(asker(call), open.run()));
        }
        return Future.succeededFuture(
                Answer.streamed(EVENTS, Map.of(), new TurnEvents(bus, place, chats, scheduler, asker(call), open)));
    }

    private static Answer answer(int status, JsonNode body, boolean mayRetry) {
        Answer plain = Answer.json(status, body);
        return mayRetry ? plain : plain.withHeader(SHOULD_RETRY, "false");
    }

    private static OpenAiCommands.Asker asker(Call call) {
        boolean changes = !(call.principal() instanceof Principal.FaceKey key)
                || key.scopes().contains(KeyCommands.Scope.OPERATE);
        return new OpenAiCommands.Asker(call.principal().actor(), call.address(), changes, call.traceparent());
    }

    private static boolean isAgain(Call call) {
        String retries = call.request().getHeader(RETRIES);
        return retries != null && !retries.isEmpty() && !retries.equals("0");
    }
}
