package dev.fairlead.gateway.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.chat.turn.ChatAgent;
import dev.fairlead.gateway.chat.turn.Given;
import dev.fairlead.gateway.tools.ToolCaller;
import dev.fairlead.gateway.traces.Content;
import dev.fairlead.gateway.traces.Span;
import dev.fairlead.gateway.traces.Traces;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.AsyncResult;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Turns and their calls of tools, as a collector of traces is told of them: by OpenTelemetry's conventions for
 * generative AI. What was said, and with what a tool was called, is in them where the settings ask for it.
 */
final class TurnSpans {
    private static final String INPUT = "gen_ai.input.messages";

    private final Traces traces;
    private final Map<String, Span> turns = new HashMap<>();

    TurnSpans(Traces traces) {
        this.traces = traces;
    }

    /**
     * A turn is about to be taken in: it lasts from here on, the time it waits included.
     *
     * @return its message, which goes on in the course of it
     */
    ChatCommands.Say asked(String turnId, ChatCommands.Say say, String agent, ChatAgent.Provider provider) {
        Span span = begin(turnId, say.sessionId(), agent, provider, say.given().traceparent())
                .content(INPUT, () -> Content.ofUser(say.content()));
        return say.within(span.traceparent());
    }

    /**
     * A turn goes on after a restart. What was to tell of its beginning ended with the process it began in; the rest is
     * told below that, in the same trace.
     *
     * @return what came with its message, which goes on in the course of it
     */
    Given goesOn(ChatRepository.Unfinished turn, String agent, ChatAgent.Provider provider) {
        Span span = begin(
                        turn.turnId(),
                        turn.sessionId(),
                        agent,
                        provider,
                        turn.given().traceparent())
                .content(INPUT, () -> Content.ofUser(turn.content()))
                .set("fairlead.turn.resumed", turn.resumes() + 1L);
        return turn.given().within(span.traceparent());
    }

    private Span begin(
            String turnId, String sessionId, String agent, ChatAgent.Provider provider, Optional<String> parent) {
        Span span = traces.begin("invoke_agent " + agent, Traces.Role.INTERNAL, parent)
                .set("gen_ai.operation.name", "invoke_agent")
                .set("gen_ai.agent.name", agent)
                .set("gen_ai.provider.name", provider.name())
                .set("gen_ai.conversation.id", sessionId)
                .set("fairlead.turn.id", turnId);
        provider.model().ifPresent(model -> span.set("gen_ai.request.model", model));
        turns.put(turnId, span);
        return span;
    }

    /** The place of a turn that has not ended in its trace. */
    Optional<String> traceparent(String turnId) {
        return Optional.ofNullable(turns.get(turnId)).flatMap(Span::traceparent);
    }

    /** It was not taken in after all. */
    void forgotten(String turnId) {
        turns.remove(turnId);
    }

    /** A turn waited for too long, and never began. */
    void refused(String turnId) {
        Optional.ofNullable(turns.remove(turnId)).ifPresent(span -> span.fail(ErrorCode.CHAT_SESSION_BUSY.wire()));
    }

    /** A turn ended. */
    void ended(Turn turn, AsyncResult<ChatAgent.Answer> done) {
        Optional.ofNullable(turns.remove(turn.turnId())).ifPresent(span -> {
            if (done.succeeded()) {
                span.content(
                        "gen_ai.output.messages",
                        () -> Content.ofAssistant(done.result().fullResponse()));
                done.result().usage().ifPresent(usage -> span.set("gen_ai.usage.input_tokens", usage.inputTokens())
                        .set("gen_ai.usage.output_tokens", usage.outputTokens()));
            }
            end(span, done);
        });
    }

    /**
     * A tool is called.
     *
     * @param shown its arguments, as far as they are anybody's to read
     */
    Span tool(ToolUse use, JsonNode shown, ToolCaller caller) {
        return traces.within("execute_tool " + use.name(), Traces.Role.INTERNAL, caller.traceparent())
                .set("gen_ai.operation.name", "execute_tool")
                .set("gen_ai.tool.name", use.name())
                .set("gen_ai.tool.type", "function")
                .set("gen_ai.tool.call.id", use.id())
                .content("gen_ai.tool.call.arguments", () -> Content.cut(FrameCodec.text(shown)));
    }

    /** It ended, well or not. */
    static void end(Span span, AsyncResult<?> done) {
        if (done.succeeded()) {
            span.end();
        } else {
            span.fail(Bus.refusal(done.cause()).code().wire());
        }
    }
}
