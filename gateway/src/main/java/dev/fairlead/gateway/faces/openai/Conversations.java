package dev.fairlead.gateway.faces.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** {@code /v1/conversations}: each is a session of the chat, whatever was in it before the first response. */
final class Conversations {
    /** Items that are added at once, as the API has it. */
    private static final int MOST_AT_ONCE = 20;

    /** How often some are added to one conversation. */
    private static final int MOST_ADDITIONS = 100;

    private final Ledger ledger;
    private final TimeSource time;
    private final String node;

    Conversations(Ledger ledger, TimeSource time, String node) {
        this.ledger = ledger;
        this.time = time;
        this.node = node;
    }

    /**
     * A conversation.
     *
     * @param items that it was begun with
     */
    record Known(String id, String sessionId, List<JsonNode> items, JsonNode metadata, Instant createdAt) {
        ObjectNode json() {
            ObjectNode json = FrameCodec.object()
                    .put("id", id)
                    .put("object", "conversation")
                    .put("created_at", createdAt.getEpochSecond());
            json.set("metadata", metadata);
            return json;
        }
    }

    Future<OpenAiCommands.Reply> create(OpenAiCommands.CreateConversation asked) {
        JsonNode items = asked.body().path("items");
        JsonNode metadata = metadata(asked.body());
        ArrayNode first = items.isArray()
                ? ResponseQuestion.items(items)
                : FrameCodec.object().putArray("items");
        String unique = UUID.randomUUID().toString().replace("-", "");
        List<JsonNode> kept = new ArrayList<>();
        first.forEach(kept::add);
        Known known = new Known("conv_" + unique, "conv-" + unique, kept, metadata, time.instant());
        String text = FrameCodec.text(first);
        if (text.length() + FrameCodec.text(metadata).length() > RunRows.MOST_KEPT) {
            throw new ApiError.Refusal(ApiError.invalid("items", "The items are too long"));
        }
        return ledger.commit(c -> ConversationRows.add(c, known, asked.asker().owner(), text))
                .map(added -> OpenAiCommands.Reply.ok(known.json()));
    }

    Future<OpenAiCommands.Reply> get(OpenAiCommands.GetConversation asked) {
        return require(asked.asker(), asked.id()).map(known -> OpenAiCommands.Reply.ok(known.json()));
    }

    Future<OpenAiCommands.Reply> update(OpenAiCommands.UpdateConversation asked) {
        JsonNode metadata = metadata(asked.body());
        return require(asked.asker(), asked.id()).compose(known -> ledger.commit(
                        c -> ConversationRows.update(c, known.id(), FrameCodec.text(metadata)))
                .map(updated -> OpenAiCommands.Reply.ok(
                        new Known(known.id(), known.sessionId(), known.items(), metadata, known.createdAt()).json())));
    }

    /** Its responses stay. */
    Future<OpenAiCommands.Reply> delete(OpenAiCommands.DeleteConversation asked) {
        return require(asked.asker(), asked.id())
                .compose(known -> ledger.commit(c -> {
                    RunRows.removeAdditions(c, known.id());
                    return ConversationRows.remove(c, known.id());
                }))
                .map(removed -> OpenAiCommands.Reply.ok(FrameCodec.object()
                        .put("id", asked.id())
                        .put("object", "conversation.deleted")
                        .put("deleted", true)));
    }

    /** Puts items at its end, after all that was said in it so far. */
    Future<OpenAiCommands.Reply> add(OpenAiCommands.AddItems asked) {
        JsonNode given = asked.body().path("items");
        if (!given.isArray() || given.isEmpty() || given.size() > MOST_AT_ONCE) {
            throw new ApiError.Refusal(
                    ApiError.invalid("items", "Field 'items' is a list of 1 to " + MOST_AT_ONCE + " items"));
        }
        ArrayNode items = ResponseQuestion.items(given);
        String question = FrameCodec.text(FrameCodec.object().set("input", items));
        if (question.length() > RunRows.MOST_KEPT) {
            throw new ApiError.Refusal(ApiError.invalid("items", "The items are too long"));
        }
        return require(asked.asker(), asked.id()).compose(known -> ledger.commit(c -> {
                    if (RunRows.additions(c, known.id()) >= MOST_ADDITIONS) {
                        return false;
                    }
                    RunRows.Stored row = addition(asked.asker().owner(), known, question);
                    RunRows.add(c, row, node);
                    return RunRows.end(c, row.facts().id(), 200, 0, "{}") > 0;
                })
                .map(added -> {
                    if (!added) {
                        throw new ApiError.Refusal(ApiError.invalid(
                                "items",
                                "Items were added to this conversation " + MOST_ADDITIONS
                                        + " times; begin another one"));
                    }
                    return OpenAiCommands.Reply.ok(page(items));
                }));
    }

    private RunRows.Stored addition(String owner, Known known, String question) {
        String id = "items_" + UUID.randomUUID().toString().replace("-", "");
        return new RunRows.Stored(
                new Run.Facts(id, Run.Kind.ITEMS, owner, known.sessionId(), "", id),
                false,
                200,
                0,
                Optional.empty(),
                Optional.of(known.id()),
                time.instant(),
                question,
                Optional.empty());
    }

    /** What was said in it, the latest first. */
    Future<OpenAiCommands.Reply> items(OpenAiCommands.ConversationItems asked) {
        return require(asked.asker(), asked.id()).compose(known -> ledger.commit(
                        c -> RunRows.ofConversation(c, known.id(), asked.asker().owner()))
                .map(chain -> {
                    List<JsonNode> items = items(known.items(), chain);
                    ArrayNode newestFirst = FrameCodec.object().putArray("data");
                    for (int i = items.size() - 1; i >= 0; i--) {
                        newestFirst.add(items.get(i));
                    }
                    return OpenAiCommands.Reply.ok(page(newestFirst));
                }));
    }

    Future<Known> require(OpenAiCommands.Asker asker, String id) {
        return ledger.commit(c -> ConversationRows.find(c, id, asker.owner()))
                .map(found -> found.orElseThrow(() -> new ApiError.Refusal(
                        ApiError.notFound("Conversation with id '" + id.replaceAll("[^\\w-]", "?") + "' not found"))));
    }

    /** What was said in responses, one after the other. */
    static List<JsonNode> items(List<JsonNode> first, List<RunRows.Stored> chain) {
        List<JsonNode> items = new ArrayList<>(first);
        for (RunRows.Stored row : chain) {
            FrameCodec.tree(row.question()).path("input").forEach(items::add);
            row.answer()
                    .ifPresent(answer -> FrameCodec.tree(answer).path("output").forEach(items::add));
        }
        return items;
    }

    /** A list with all there is. */
    static ObjectNode page(ArrayNode data) {
        ObjectNode page = FrameCodec.object().put("object", "list");
        page.set("data", data);
        Optional<String> first =
                Optional.ofNullable(data.get(0)).map(item -> item.path("id").asText());
        Optional<String> last = Optional.ofNullable(data.get(data.size() - 1))
                .map(item -> item.path("id").asText());
        page.put("first_id", first.orElse("")).put("last_id", last.orElse(""));
        return page.put("has_more", false);
    }

    private static JsonNode metadata(JsonNode body) {
        return body.path("metadata").isObject() ? body.get("metadata") : FrameCodec.object();
    }
}
