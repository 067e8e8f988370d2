package dev.fairlead.gateway.edge.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.ChatCommand;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads what a chat client sends. A text whose first character, blanks aside, is a brace or bracket is a frame; any
 * other is what somebody typed, and a message as it stands: whoever has nothing but {@code websocat} can chat.
 */
final class ChatInput {
    private ChatInput() {}

    /**
     * The command a text stands for.
     *
     * @throws FairleadException {@code INVALID_JSON}, {@code UNKNOWN_MESSAGE_TYPE}, {@code EMPTY_CONTENT}
     */
    static ChatCommand read(byte[] text) {
        int first = 0;
        while (first < text.length && isBlank(text[first])) {
            first++;
        }
        if (first == text.length || (text[first] != '{' && text[first] != '[')) {
            return typed(new String(text, StandardCharsets.UTF_8));
        }
        JsonNode frame;
        try {
            frame = FrameCodec.tree(text);
        } catch (FairleadException notJson) {
            throw new FairleadException(ErrorCode.CHAT_INVALID_JSON, notJson.getMessage());
        }
        if (!frame.isObject()) {
            throw new FairleadException(ErrorCode.CHAT_INVALID_JSON, "A frame is a JSON object with a 'type'");
        }
        return command(frame);
    }

    private static ChatCommand command(JsonNode frame) {
        String type = frame.path("type").asText("");
        if (type.equals("message") && !frame.path("content").isTextual()) {
            throw new FairleadException(ErrorCode.CHAT_EMPTY_CONTENT, "A message needs a text as its 'content'");
        }
        try {
            return FrameCodec.fromTree(frame, ChatCommand.class);
        } catch (FairleadException refusal) {
            boolean known =
                    switch (type) {
                        case "connect", "message", "abort", "approve", "deny", "ping" -> true;
                        default -> false;
                    };
            throw known
                    ? new FairleadException(ErrorCode.CHAT_INVALID_JSON, refusal.getMessage())
                    : new FairleadException(
                            ErrorCode.CHAT_UNKNOWN_MESSAGE_TYPE,
                            "A frame's 'type' is connect, message, abort, approve, deny or ping");
        }
    }

    private static ChatCommand typed(String text) {
        return new ChatCommand.Message(text.strip(), Optional.empty(), Optional.empty());
    }

    private static boolean isBlank(byte one) {
        return one == ' ' || one == '\t' || one == '\n' || one == '\r';
    }
}
