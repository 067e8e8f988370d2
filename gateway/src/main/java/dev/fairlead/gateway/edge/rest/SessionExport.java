package dev.fairlead.gateway.edge.rest;

import dev.fairlead.gateway.chat.ChatCommands;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.function.LongFunction;

/** A whole session for reading or for another program, page by page. One export is read once. */
final class SessionExport {
    /** Messages held at a time. */
    static final int PAGE = 100;

    /** How a session is written down. */
    enum Format {
        MARKDOWN("text/markdown; charset=utf-8", ".md"),
        JSON("application/json", ".json");

        private final String contentType;
        private final String extension;

        Format(String contentType, String extension) {
            this.contentType = contentType;
            this.extension = extension;
        }

        String contentType() {
            return contentType;
        }

        String extension() {
            return extension;
        }
    }

    private final Format format;
    private final LongFunction<Future<ChatCommands.Messages>> pages;
    private ChatCommands.Messages page; // null until begun
    private boolean first = true;
    private boolean ended;

    SessionExport(Format format, LongFunction<Future<ChatCommands.Messages>> pages) {
        this.format = format;
        this.pages = pages;
    }

    /** Reads the first page; fails where the session may not be read. */
    Future<Void> begin() {
        return pages.apply(0).onSuccess(read -> page = read).mapEmpty();
    }

    /** The next piece, an empty one at the end. */
    Future<Buffer> next() {
        if (ended) {
            return Future.succeededFuture(Buffer.buffer());
        }
        Buffer piece = Buffer.buffer(first ? head(page.session()) : "");
        List<ChatCommands.Message> messages = page.messages();
        for (ChatCommands.Message message : messages) {
            piece.appendString(format == Format.JSON ? json(message) : markdown(message));
            first = false;
        }
        if (messages.size() < PAGE) {
            ended = true;
            return Future.succeededFuture(piece.appendString(format == Format.JSON ? "]}" : "\n"));
        }
        return pages.apply(messages.get(messages.size() - 1).position()).map(read -> {
            page = read;
            return piece;
        });
    }

    private String head(ChatCommands.Session session) {
        if (format == Format.JSON) {
            return "{\"session\":" + FrameCodec.text(session) + ",\"messages\":[";
        }
        return "# " + session.name().orElse("Chat " + session.sessionId()) + "\n\nSession `" + session.sessionId()
                + "`, agent `" + session.agent() + "`, begun " + session.createdAt() + "\n";
    }

    private String json(ChatCommands.Message message) {
        return (first ? "" : ",") + FrameCodec.text(message);
    }

    private static String markdown(ChatCommands.Message message) {
        String tool = message.toolName().orElse("");
        return switch (message.role()) {
            case "user" -> "\n## You, " + message.createdAt() + "\n\n" + message.content() + "\n";
            case "assistant" ->
                "\n## Agent, " + message.createdAt() + suffix(message) + "\n\n" + message.content() + "\n";
            case "tool_call" ->
                "\n> Tool `" + tool + "`" + suffix(message) + "\n\n"
                        + fenced(message.args().map(Object::toString).orElse("{}"));
            case "tool_result" -> "\n> Result of `" + tool + "`\n\n" + fenced(message.content());
            default -> "\n> Error " + message.status().orElse("") + ": " + message.content() + "\n";
        };
    }

    private static String suffix(ChatCommands.Message message) {
        return message.status()
                .filter(status -> !status.equals("complete") && !status.equals("ok"))
                .map(status -> " (" + status + ")")
                .orElse("");
    }

    /** A fence longer than any within, so that nothing breaks out of it. */
    private static String fenced(String content) {
        String fence = "```";
        while (content.contains(fence)) {
            fence += "`";
        }
        return fence + "\n" + content + "\n" + fence + "\n";
    }
}
