package dev.fairlead.gateway.faces.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.chat.ChatCommands;
import dev.fairlead.gateway.store.WriteUnit;
import dev.fairlead.protocol.ChatFrame;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes up turns that were under way when the gateway ended: the chat knows what became of them, or has them go on. */
final class Recovery {
    private static final Logger log = LoggerFactory.getLogger(Recovery.class);

    /** Messages of a session, the latest, among which those of the turn are. */
    private static final int LATEST = 500;

    private final Bus bus;
    private final String chat;
    private final Runs runs;

    Recovery(Bus bus, String chat, Runs runs) {
        this.bus = bus;
        this.chat = chat;
        this.runs = runs;
    }

    /** Takes up all of them; one that cannot be does not keep the others. */
    Future<?> run() {
        return takeUp(runs::unfinished);
    }

    /** Takes up what other nodes had under way that are not there any more. */
    Future<?> adopt() {
        return takeUp(runs::orphans);
    }

    private Future<?> takeUp(WriteUnit<List<RunRows.Stored>> which) {
        return runs.rows(which)
                .compose(rows ->
                        Future.join(rows.stream().map(this::takeUp).toList()).otherwiseEmpty());
    }

    private Future<Void> takeUp(RunRows.Stored row) {
        Run.Facts facts = row.facts();
        return bus.requestAt(
                        chat, new ChatCommands.GetMessages(facts.sessionId(), facts.owner(), LATEST, Optional.empty()))
                .compose(found -> asked(found.messages(), facts)
                        .map(question -> goOn(row, found, question))
                        .orElseGet(() -> runs.neverBegun(facts)))
                .recover(failure -> Bus.refusal(failure).code() == ErrorCode.SESSION_NOT_FOUND
                        ? runs.neverBegun(facts)
                        : Future.failedFuture(failure))
                .onFailure(failure -> log.warn("{} is not taken up: {}", facts.id(), failure.getMessage()));
    }

    private static Optional<ChatCommands.Message> asked(List<ChatCommands.Message> messages, Run.Facts facts) {
        return messages.stream()
                .filter(message ->
                        message.idempotencyKey().filter(facts.id()::equals).isPresent())
                .findFirst();
    }

    private Future<Void> goOn(RunRows.Stored row, ChatCommands.Messages found, ChatCommands.Message question) {
        JsonNode kept = FrameCodec.tree(row.question());
        Run run = new Run(row.facts(), Responses.functions(kept), writer(row, kept));
        String turn = question.turnId();
        String state = question.status().orElse("");
        runs.takeUp(run, row.numbers());
        run.accepted(turn);
        if (state.equals("queued") || state.equals("running")) {
            if (found.session().turnId().filter(turn::equals).isPresent()) {
                run.started(turn);
            }
            return bus.requestAt(chat, new ChatCommands.Attach(row.facts().sessionId(), Optional.empty()))
                    .onSuccess(attached -> runs.hear(run, attached.replay()))
                    .mapEmpty();
        }
        run.started(turn);
        for (ChatCommands.Message message : found.messages()) {
            if (message.turnId().equals(turn) && message.role().equals("tool_call")) {
                run.hear(new ChatFrame.ToolCall(
                        message.toolCallId().orElse(""),
                        message.toolName().orElse(""),
                        message.args().orElseGet(FrameCodec::object),
                        Optional.empty()));
            }
        }
        run.hear(end(found.messages(), turn, state));
        runs.settle(run);
        return Future.succeededFuture();
    }

    private static ChatFrame end(List<ChatCommands.Message> messages, String turn, String state) {
        String text = last(messages, turn, "assistant")
                .map(ChatCommands.Message::content)
                .orElse("");
        return switch (state) {
            case "done" -> new ChatFrame.Done(text, Optional.empty());
            case "aborted" -> new ChatFrame.Aborted(text);
            default ->
                new ChatFrame.Failure(
                        "interrupted",
                        last(messages, turn, "error")
                                .map(ChatCommands.Message::content)
                                .orElse("The gateway was restarted while this was answered"));
        };
    }

    private static Optional<ChatCommands.Message> last(List<ChatCommands.Message> messages, String turn, String role) {
        return messages.stream()
                .filter(message ->
                        message.turnId().equals(turn) && message.role().equals(role))
                .reduce((earlier, later) -> later);
    }

    private static Writer writer(RunRows.Stored row, JsonNode kept) {
        return row.facts().kind() == Run.Kind.COMPLETION
                ? new CompletionWriter(FrameCodec.fromTree(kept.path("head"), CompletionWriter.Head.class))
                : new ResponseWriter(kept.path("response").deepCopy()).resume(row.numbers());
    }
}
