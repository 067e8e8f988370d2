package dev.fairlead.gateway.faces.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import java.util.Locale;
import java.util.Optional;

/**
 * An error as OpenAI's API tells it.
 *
 * @param param the field of the request at fault
 * @param mayRetry whether the client may send the same again; both of OpenAI's packages obey it
 */
public record ApiError(int status, String message, Optional<String> param, String code, boolean mayRetry) {
    private static final String INVALID_KEY = "invalid_api_key";

    /** A request that cannot be understood, and what is wrong with which field. */
    static ApiError invalid(String param, String message) {
        return new ApiError(400, message, Optional.of(param), "invalid_value", false);
    }

    /** A model nobody is. */
    static ApiError unknownModel(String model) {
        return new ApiError(
                404,
                "The model '" + model + "' does not exist; GET /v1/models lists those there are",
                Optional.of("model"),
                "model_not_found",
                false);
    }

    /** Something that does not exist, or is somebody else's. */
    static ApiError notFound(String message) {
        return new ApiError(404, message, Optional.empty(), "not_found", false);
    }

    /** A refusal of the gateway's before a turn was accepted. */
    public static ApiError of(FairleadException refusal) {
        ErrorCode code = refusal.code();
        String wire = code == ErrorCode.UNAUTHORIZED ? INVALID_KEY : code.wire().toLowerCase(Locale.ROOT);
        boolean mayRetry =
                code.retryable() && code != ErrorCode.CHAT_SESSION_BUSY && code != ErrorCode.BUDGET_EXHAUSTED;
        return new ApiError(code.httpStatus(), refusal.getMessage(), Optional.empty(), wire, mayRetry);
    }

    /** What a turn came to that was accepted: to send it again would not run it again. */
    static ApiError ofTurn(String code, String message) {
        int status =
                switch (code) {
                    case "SESSION_BUSY", "budget_exhausted" -> 429;
                    default -> 502;
                };
        return new ApiError(status, message, Optional.empty(), code.toLowerCase(Locale.ROOT), false);
    }

    /** {@code {"error":{…}}}. */
    public ObjectNode body() {
        ObjectNode body = FrameCodec.object();
        body.set("error", error());
        return body;
    }

    ObjectNode error() {
        ObjectNode error = FrameCodec.object().put("message", message).put("type", type());
        param.ifPresentOrElse(name -> error.put("param", name), () -> error.putNull("param"));
        return error.put("code", code);
    }

    private String type() {
        if (status >= 500) {
            return "server_error";
        }
        return status == 429 ? "rate_limit_error" : "invalid_request_error";
    }

    /** Refuses a request with it. */
    static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient ApiError error;

        Refusal(ApiError error) {
            super(error.message(), null, false, false);
            this.error = error;
        }

        ApiError error() {
            return error;
        }
    }
}
