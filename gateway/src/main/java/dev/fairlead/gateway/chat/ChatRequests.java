package dev.fairlead.gateway.chat;

import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import java.util.regex.Pattern;

/** What a request about a session must look like. */
final class ChatRequests {
    private static final Pattern SESSION_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private ChatRequests() {}

    /** Refuses with {@code bad_request} what is no session's id. */
    static String sessionId(String id) {
        if (!SESSION_ID.matcher(id).matches()) {
            throw new FairleadException(
                    ErrorCode.BAD_REQUEST, "A session_id is 1 to 64 letters, digits, hyphens and underscores");
        }
        return id;
    }

    /** Refuses with {@code bad_request} what is no session's name. */
    static String name(String name) {
        if (name.isBlank()
                || name.length() > ChatLimits.MAX_NAME
                || name.chars().anyMatch(Character::isISOControl)) {
            throw new FairleadException(
                    ErrorCode.BAD_REQUEST,
                    "The name of a session is 1 to " + ChatLimits.MAX_NAME + " characters without control characters");
        }
        return name;
    }

    /** Refuses a message that cannot be taken in. */
    static void check(ChatCommands.Say say) {
        sessionId(say.sessionId());
        if (say.content().isBlank()) {
            throw new FairleadException(ErrorCode.CHAT_EMPTY_CONTENT, "The message is empty");
        }
        if (say.content().length() > ChatLimits.MAX_CONTENT) {
            throw new FairleadException(
                    ErrorCode.CHAT_AGENT_ERROR, "A message is at most " + ChatLimits.MAX_CONTENT + " characters");
        }
        say.idempotencyKey().ifPresent(key -> {
            if (key.isEmpty() || key.length() > ChatLimits.MAX_KEY || key.indexOf('\0') >= 0) {
                throw new FairleadException(
                        ErrorCode.CHAT_INVALID_JSON,
                        "An idempotency_key is 1 to " + ChatLimits.MAX_KEY + " characters");
            }
        });
    }
}
