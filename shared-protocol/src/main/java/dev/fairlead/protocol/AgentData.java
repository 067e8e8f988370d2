package dev.fairlead.protocol;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.ALWAYS;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What envelopes on the agent socket carry as {@code data}, one record per kind. Instants are milliseconds here. */
public sealed interface AgentData {

    /**
     * {@code agent.register}. The name is a courtesy: identity comes from the token alone.
     *
     * @param nonce a random value of the agent's, the same for each try with one ephemeral token: it proves that who
     *     asks for a lost reply again is who asked first; an empty one is none
     */
    record Register(
            String token,
            Optional<String> nonce,
            Optional<String> name,
            Optional<String> version,
            Optional<List<String>> capabilities)
            implements AgentData {
        public Register {
            nonce = nonce.filter(text -> !text.isEmpty());
        }

        /** Never with the token or the nonce. */
        @Override
        public String toString() {
            return "Register[name=" + name + ", version=" + version + "]";
        }
    }

    /**
     * The answer to a registration.
     *
     * @param token permanent; only where the agent came with an ephemeral one
     * @param heartbeatIntervalMs how often the gateway wants to hear from the agent
     * @param protocol the version of this protocol, 1
     * @param epoch counts the agent's connections
     */
    record Registered(
            String agentId,
            String name,
            Optional<String> token,
            long heartbeatIntervalMs,
            TokenState tokenState,
            int protocol,
            long epoch)
            implements AgentData {
        /** Never with the token. */
        @Override
        public String toString() {
            return "Registered[agentId=" + agentId + ", name=" + name + ", epoch=" + epoch + "]";
        }
    }

    /** {@code agent.heartbeat}: nothing to say but that the agent is there. */
    record Heartbeat() implements AgentData {}

    /**
     * {@code message.send}.
     *
     * @param payload any JSON value, 64 KiB at most
     * @param idempotencyKey the same again for the same recipient within 24 h is the same message; {@code conflict}
     *     where type or payload differ
     * @param requires {@code token.valid}: held back while the upstream token is not usable
     */
    record Send(
            String to,
            String type,
            RawJson payload,
            Optional<String> correlationId,
            Optional<String> idempotencyKey,
            Optional<Long> ttlSeconds,
            Optional<String> requires)
            implements AgentData {
        /** Never with the payload. */
        @Override
        public String toString() {
            return "Send[to=" + to + ", type=" + type + "]";
        }
    }

    /** The answer to {@link Send}, given once the message is durable. */
    record Accepted(String messageId, String status) implements AgentData {}

    /**
     * {@code message.deliver}: a lease on a message.
     *
     * @param attempt counts from 1; an acknowledgement names it
     * @param sentAt when the message was accepted
     * @param redelivered whether it may have been seen before
     */
    record Deliver(
            String messageId,
            int attempt,
            String from,
            String type,
            RawJson payload,
            @JsonInclude(ALWAYS) Optional<String> correlationId,
            long sentAt,
            boolean redelivered)
            implements AgentData {
        /** Never with the payload. */
        @Override
        public String toString() {
            return "Deliver[messageId=" + messageId + ", attempt=" + attempt + ", from=" + from + "]";
        }
    }

    /** {@code message.ack}, {@code message.fail} and {@code message.extend}; refused where the attempt is stale. */
    record Settle(String messageId, int attempt, Optional<String> reason) implements AgentData {}

    /** {@code token.state}. */
    record TokenStateNotice(TokenState state) implements AgentData {}

    /** {@code quote.get}; answered with an {@link AgentQuote}. */
    record QuoteRequest(String symbol) implements AgentData {}

    /** A {@link Quote} as agents get it, {@code quote.update} included: when it was received is in milliseconds. */
    record AgentQuote(
            String symbol,
            @JsonInclude(ALWAYS) Optional<BigDecimal> bid,
            @JsonInclude(ALWAYS) Optional<BigDecimal> ask,
            @JsonInclude(ALWAYS) Optional<BigDecimal> mid,
            @JsonInclude(ALWAYS) Optional<BigDecimal> bidSize,
            @JsonInclude(ALWAYS) Optional<BigDecimal> askSize,
            @JsonInclude(ALWAYS) Optional<Quote.Source> source,
            @JsonInclude(ALWAYS) Optional<Long> receivedAt,
            @JsonInclude(ALWAYS) Optional<Long> ageMs)
            implements AgentData {
        public static AgentQuote of(Quote quote) {
            return new AgentQuote(
                    quote.symbol(),
                    quote.bid(),
                    quote.ask(),
                    quote.mid(),
                    quote.bidSize(),
                    quote.askSize(),
                    quote.source(),
                    quote.receivedAt().map(Instant::toEpochMilli),
                    quote.ageMs());
        }
    }

    /** {@code quote.subscribe} and {@code quote.unsubscribe}. */
    record QuoteSymbols(List<String> symbols) implements AgentData {}

    /** {@code order.submit}. The same {@code clientOrderId} again gives the same answer. */
    record OrderSubmit(
            String clientOrderId,
            String symbol,
            String side,
            BigDecimal quantity,
            String orderType,
            Optional<BigDecimal> limitPrice)
            implements AgentData {}

    /** {@code order.cancel}: one of the agent's own orders. */
    record OrderCancel(String clientOrderId) implements AgentData {}

    /** {@code order.replace}: one of the agent's own orders, and what of it is to be another. */
    record OrderReplace(String clientOrderId, Optional<BigDecimal> quantity, Optional<BigDecimal> limitPrice)
            implements AgentData {}

    /** The answer to {@link OrderSubmit}, {@link OrderCancel} and {@link OrderReplace}. */
    record OrderAccepted(String orderId, String status, OrderMode mode) implements AgentData {}

    /**
     * {@code order.update}: the status of one of the agent's own orders changed, or how much of it is filled.
     *
     * @param averagePrice of what is filled
     */
    record OrderUpdate(
            String orderId,
            String clientOrderId,
            String status,
            Optional<String> reason,
            Optional<BigDecimal> filledQuantity,
            Optional<BigDecimal> averagePrice,
            OrderMode mode)
            implements AgentData {}

    /** {@code log.append}: lines of a remote agent's own log. */
    record LogAppend(List<String> lines) implements AgentData {}

    /**
     * {@code chat.turn}: the agent is to answer.
     *
     * @param resumed {@code true} where it was told of the turn before, and the gateway was restarted since: what it
     *     has said of the answer is void
     */
    record ChatTurn(
            String turnId,
            String sessionId,
            String content,
            List<ChatLine> history,
            Optional<String> pageContext,
            Optional<Boolean> resumed)
            implements AgentData {}

    /** What was said before. */
    record ChatLine(String role, String content) {}

    /** {@code chat.abort}. */
    record ChatAbort(String turnId) implements AgentData {}

    /**
     * {@code chat.event}: a frame of a turn that runs; which fields there are depends on the type.
     *
     * @param approval {@code required} in a {@code tool_call} that a person must allow first; what they say comes as
     *     {@link ChatDecision}
     */
    record ChatEvent(
            String turnId,
            String type,
            Optional<String> content,
            Optional<String> id,
            Optional<String> name,
            Optional<JsonNode> args,
            Optional<String> output,
            Optional<String> phase,
            Optional<String> detail,
            Optional<String> approval)
            implements AgentData {

        /**
         * The frame the chat's clients get.
         *
         * @throws FairleadException {@code bad_request}, where the type is none an agent may send
         */
        public ChatFrame toFrame() {
            return switch (type) {
                case "thinking" -> new ChatFrame.Thinking(content.orElse(""));
                case "chunk" -> new ChatFrame.Chunk(content.orElse(""));
                case "tool_call" ->
                    new ChatFrame.ToolCall(
                            id.orElse(""), name.orElse(""), args.orElseGet(FrameCodec::object), approval);
                case "tool_result" -> new ChatFrame.ToolResult(id.orElse(""), name.orElse(""), output.orElse(""));
                case "operator_status" -> new ChatFrame.OperatorStatus(phase.orElse(""), detail.orElse(""));
                default ->
                    throw new FairleadException(
                            ErrorCode.BAD_REQUEST,
                            "Field 'type' must be thinking, chunk, tool_call, tool_result or operator_status");
            };
        }
    }

    /** {@code chat.decision}: what became of a call that the agent asked about. */
    record ChatDecision(String turnId, String id, Decision decision) implements AgentData {}

    /** What a person said to a call that waited for them. */
    enum Decision implements WireEnum {
        APPROVED,
        DENIED,
        /** Nobody answered in time, or the turn ended first. */
        EXPIRED
    }

    /** {@code chat.done}. */
    record ChatDone(String turnId, String fullResponse, Optional<ChatFrame.Usage> usage) implements AgentData {}

    /** {@code chat.error}. */
    record ChatFailed(String turnId, String code, String message) implements AgentData {}
}
