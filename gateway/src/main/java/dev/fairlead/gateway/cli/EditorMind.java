package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.faces.acp.AcpMind;
import dev.fairlead.gateway.faces.acp.AcpTurn;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** An agent of the fleet as an editor has it: each of the editor's sessions is one of the gateway's chat. */
final class EditorMind implements AcpMind {
    /** Sessions of one editor that are open at a time. */
    static final int MOST_SESSIONS = 100;

    private static final long PING_MS = 30_000;

    private final Vertx vertx;
    private final Context context;
    private final GatewayOptions options;
    private final Optional<String> agent;
    private final Consumer<String> notes;
    private final Map<String, EditorSession> sessions = new HashMap<>();

    /**
     * A mind without sessions.
     *
     * @param agent who answers; the gateway's own choice where absent
     * @param notes told what the editor's user has no other way to know
     */
    EditorMind(Vertx vertx, Context context, GatewayOptions options, Optional<String> agent, Consumer<String> notes) {
        this.vertx = vertx;
        this.context = context;
        this.options = options;
        this.agent = agent;
        this.notes = notes;
        vertx.setPeriodic(
                PING_MS, id -> context.runOnContext(turn -> sessions.values().forEach(EditorSession::ping)));
    }

    /** Says good-bye to the gateway; may be called from any thread. */
    Future<?> close() {
        return Future.join(List.copyOf(sessions.values()).stream()
                .map(EditorSession::close)
                .toList());
    }

    @Override
    public String title() {
        return "Fairlead" + agent.map(name -> ": " + name).orElse("");
    }

    @Override
    public Future<String> open() {
        String id = UUID.randomUUID().toString();
        return begin(id, 0).map(id);
    }

    @Override
    public Future<Void> load(String session, AcpTurn told) {
        return context.executeBlocking(() -> EditorHistory.read(new GatewayCalls(options), session))
                .compose(found -> {
                    EditorHistory history = found.orElseThrow(() ->
                            new FairleadException(ErrorCode.NOT_FOUND, "The gateway has no such session any more"));
                    for (JsonNode frame : history.frames()) {
                        EditorFrames.tell(frame, told);
                    }
                    return begin(session, history.last());
                });
    }

    @Override
    public Future<String> prompt(AcpTurn turn) {
        EditorSession session = sessions.get(turn.session());
        if (session == null) {
            throw new FairleadException(ErrorCode.NOT_FOUND, "There is no such session; begin one, or load it");
        }
        return session.prompt(turn);
    }

    private Future<Void> begin(String id, long seen) {
        Optional<EditorSession> before = Optional.ofNullable(sessions.get(id));
        if (before.isEmpty() && sessions.size() >= MOST_SESSIONS) {
            return Future.failedFuture(new FairleadException(
                    ErrorCode.BUSY, MOST_SESSIONS + " sessions are open already; start the agent anew for more"));
        }
        EditorSession session =
                before.orElseGet(() -> new EditorSession(vertx, context, options, id, agent, seen, notes));
        sessions.put(id, session);
        return session.open().onFailure(failure -> sessions.remove(id, session));
    }
}
