package dev.fairlead.gateway.edge.rest;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.chat.ChatCommands;
import dev.fairlead.gateway.edge.access.Access;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /api/sessions}. */
public final class SessionCalls {
    private static final int PAGE = 100;
    private static final int MAX_PAGE = 500;

    private record NewName(String name) {}

    private record Stopped(String sessionId, Optional<String> turnId) {}

    private final Bus bus;
    private final String place;

    public SessionCalls(Bus bus, String node) {
        this.bus = bus;
        this.place = ChatCommands.place(node);
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/api/sessions", Access.OPERATOR, this::list),
                Endpoint.patch("/api/sessions/:id", Access.OPERATOR, this::rename),
                Endpoint.delete("/api/sessions/:id", Access.OPERATOR, this::delete),
                Endpoint.get("/api/sessions/:id/messages", Access.OPERATOR, this::messages),
                Endpoint.get("/api/sessions/:id/entries", Access.OPERATOR, this::entries),
                Endpoint.get("/api/sessions/:id/export", Access.OPERATOR, this::export)
                        .audited("chat.export"),
                Endpoint.post("/api/sessions/:id/abort", Access.OPERATOR, this::abort));
    }

    private Future<Answer> list(Call call) {
        return bus.requestAt(
                        place,
                        new ChatCommands.ListSessions(
                                owner(call), call.number("limit", PAGE, 1, MAX_PAGE), call.query("cursor")))
                .map(Answer::ok);
    }

    private Future<Answer> messages(Call call) {
        return bus.requestAt(
                        place,
                        new ChatCommands.GetMessages(
                                call.path("id"),
                                owner(call),
                                call.number("limit", PAGE, 1, MAX_PAGE),
                                call.query("before")))
                .map(Answer::ok);
    }

    private Future<Answer> entries(Call call) {
        return bus.requestAt(
                        place,
                        new ChatCommands.GetEntries(
                                call.path("id"), owner(call), call.number("after", 0, 0, Integer.MAX_VALUE)))
                .map(Answer::ok);
    }

    private Future<Answer> rename(Call call) {
        return bus.requestAt(
                        place,
                        new ChatCommands.Rename(
                                call.path("id"),
                                owner(call),
                                call.body(NewName.class).name()))
                .map(renamed -> Answer.ok(renamed.session()));
    }

    private Future<Answer> delete(Call call) {
        return bus.requestAt(place, new ChatCommands.Delete(call.path("id"), owner(call), call.address()))
                .map(deleted -> Answer.nothing());
    }

    private Future<Answer> abort(Call call) {
        return bus.requestAt(place, new ChatCommands.Abort(call.path("id"), owner(call), call.address()))
                .map(aborted -> Answer.ok(new Stopped(call.path("id"), aborted.turnId())));
    }

    private Future<Answer> export(Call call) {
        SessionExport.Format format =
                switch (call.query("format").orElse("markdown")) {
                    case "markdown", "md" -> SessionExport.Format.MARKDOWN;
                    case "json" -> SessionExport.Format.JSON;
                    default ->
                        throw new FairleadException(ErrorCode.BAD_REQUEST, "Parameter 'format' is markdown or json");
                };
        SessionExport export = new SessionExport(
                format,
                after -> bus.requestAt(
                        place,
                        new ChatCommands.GetMessagesAfter(call.path("id"), owner(call), after, SessionExport.PAGE)));
        return export.begin()
                .map(ready -> Answer.streamed(
                        format.contentType(),
                        Map.of(
                                "Content-Disposition",
                                "attachment; filename=\"chat-" + call.path("id") + format.extension() + "\""),
                        () -> export.next().map(Optional::of)));
    }

    private static String owner(Call call) {
        return call.principal().actor();
    }
}
