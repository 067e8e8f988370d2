package dev.fairlead.protocol;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Every error a peer can be told, on whichever wire: REST ({@code {"error":{"code",…}}} with {@link #httpStatus()}),
 * streams (an {@code error} frame, then a close with {@link #closeCode()}), the agent socket (an error envelope, the
 * socket stays open) and chat (an {@code error} frame with an upper-case code, the socket stays open).
 *
 * <p>A code never changes its meaning once published; new ones may be added, so a client treats one it does not know by
 * its HTTP status or close code alone.
 */
public enum ErrorCode {
    // The request itself is at fault.
    BAD_REQUEST("bad_request", 400, false),
    INVALID_JSON("invalid_json", 400, false),
    /** An agent's envelope is JSON but not an envelope: no subject, a malformed one, data of the wrong kind. */
    INVALID_ENVELOPE("invalid_envelope", 400, false),
    /** A stream or chat client sent what is not a frame: binary, not JSON, no {@code type}. */
    INVALID_FRAME("invalid_frame", 400, false),
    UNKNOWN_TYPE("unknown_type", 400, false),
    METHOD_NOT_ALLOWED("method_not_allowed", 405, false),
    PAYLOAD_TOO_LARGE("payload_too_large", 413, false),
    UNSUPPORTED_MEDIA_TYPE("unsupported_media_type", 415, false),
    UNPROCESSABLE("unprocessable", 422, false),

    // Who asks.
    UNAUTHORIZED("unauthorized", 401, false),
    FORBIDDEN("forbidden", 403, false),
    /** An agent wants another one told what only the gateway says: see {@link Subject#RESERVED}. */
    RESERVED_SUBJECT("reserved_subject", 403, false),
    /** Anything but {@code agent.register} on an agent socket that has not registered. */
    NOT_REGISTERED("not_registered", 401, false),
    /** An agent socket stayed without registration past its deadline. */
    REGISTRATION_TIMEOUT("registration_timeout", 408, true),

    // What is asked for does not exist.
    NOT_FOUND("not_found", 404, false),
    AGENT_NOT_FOUND("agent_not_found", 404, false),
    INSTANCE_NOT_FOUND("instance_not_found", 404, false),
    MESSAGE_NOT_FOUND("message_not_found", 404, false),
    SESSION_NOT_FOUND("session_not_found", 404, false),
    ORDER_NOT_FOUND("order_not_found", 404, false),
    UNKNOWN_SUBJECT("unknown_subject", 404, false),
    UNKNOWN_RECIPIENT("unknown_recipient", 404, false),

    // It exists, but not in a state that allows this.
    CONFLICT("conflict", 409, false),
    INVALID_STATE("invalid_state", 409, false),
    /** An approval whose first answer stands. */
    ALREADY_ANSWERED("already_answered", 409, false),
    /** An approval that nobody gave in time. */
    APPROVAL_EXPIRED("approval_expired", 410, false),
    NAME_TAKEN("name_taken", 409, false),
    AGENT_OFFLINE("agent_offline", 409, true),
    /** An acknowledgement, failure or extension with an attempt that is no longer the current one. */
    STALE_LEASE("stale_lease", 409, false),
    /** The upstream token is neither {@code valid} nor {@code expiring_soon}. */
    TOKEN_UNAVAILABLE("token_unavailable", 409, true),
    /** Another connection of the same agent took over. */
    REPLACED("replaced", 409, false),

    // Too much of it.
    TOO_MANY_REQUESTS("too_many_requests", 429, true),
    /** An agent sends more frames than it may; the error's {@code retry_after_ms} says when to go on. */
    RATE_LIMITED("rate_limited", 429, true),
    /** A bounded queue is full: a recipient's backlog, a session's waiting turns. */
    BUSY("busy", 429, true),
    /** What language models may cost is used up for today: see the settings {@code llm.budget.*}. */
    BUDGET_EXHAUSTED("budget_exhausted", 429, true),
    /** A stream's client takes nothing for longer than allowed; its close code is {@link CloseCode#INVALID_FRAME}. */
    SLOW_CONSUMER("slow_consumer", 429, true),

    // Our side.
    INTERNAL("internal", 500, false),
    STORAGE_UNAVAILABLE("storage_unavailable", 503, true),
    /** What was asked for may have been stored; repeated with the same {@code idempotency_key} it happens once. */
    OUTCOME_UNKNOWN("outcome_unknown", 503, true),
    SHUTTING_DOWN("shutting_down", 503, true),
    QUOTE_UNAVAILABLE("quote_unavailable", 503, true),
    /** The upstream does not say what it was asked. */
    UPSTREAM_UNAVAILABLE("upstream_unavailable", 503, true),
    /** The connection a request was sent on, or was to be sent on, is not there. Only clients report it. */
    CONNECTION_LOST("connection_lost", 503, true),
    TIMEOUT("timeout", 504, true),

    // Chat, where the codes are upper-case on the wire.
    CHAT_INVALID_JSON("INVALID_JSON", 400, false),
    CHAT_UNKNOWN_MESSAGE_TYPE("UNKNOWN_MESSAGE_TYPE", 400, false),
    CHAT_EMPTY_CONTENT("EMPTY_CONTENT", 400, false),
    CHAT_SESSION_BUSY("SESSION_BUSY", 429, true),
    CHAT_AUTH_ERROR("AUTH_ERROR", 401, false),
    CHAT_PROVIDER_ERROR("PROVIDER_ERROR", 502, true),
    CHAT_AGENT_ERROR("AGENT_ERROR", 502, true),
    /** Followed by a close with {@link CloseCode#CHAT_AGENT_FAILED}. */
    CHAT_AGENT_INIT_FAILED("AGENT_INIT_FAILED", 500, true);

    private static final Map<String, ErrorCode> BY_WIRE =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(ErrorCode::wire, Function.identity()));

    private final String wire;
    private final int httpStatus;
    private final boolean retryable;

    ErrorCode(String wire, int httpStatus, boolean retryable) {
        this.wire = wire;
        this.httpStatus = httpStatus;
        this.retryable = retryable;
    }

    /** The code as it stands in JSON. */
    public String wire() {
        return wire;
    }

    /** The status of a REST answer, or of a refused upgrade, that carries this code. */
    public int httpStatus() {
        return httpStatus;
    }

    /** Whether the same request may succeed later without any change to it. */
    public boolean retryable() {
        return retryable;
    }

    /** The WebSocket close code that follows this error where it ends the connection: 4000 + HTTP status. */
    public int closeCode() {
        return 4000 + httpStatus;
    }

    /** Looks a code up by its name on the wire, which is case-sensitive. Empty for one this version does not know. */
    public static Optional<ErrorCode> of(String wire) {
        return Optional.ofNullable(BY_WIRE.get(wire));
    }
}
