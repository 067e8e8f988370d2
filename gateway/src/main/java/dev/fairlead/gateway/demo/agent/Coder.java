package dev.fairlead.gateway.demo.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.faces.acp.AcpMind;
import dev.fairlead.gateway.faces.acp.AcpServer;
import dev.fairlead.gateway.faces.acp.AcpTurn;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.VisibleText;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;

/**
 * The demo's agent that speaks ACP. It writes down what it is told, in a file of its own, if a person allows it: a
 * plan, a file read, an edit with its diff, and an answer, as coding agents do it.
 */
public final class Coder implements AcpMind {
    private static final int MOST_NOTE = 200;

    private final Vertx vertx = Vertx.vertx(
            new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1).setInternalBlockingPoolSize(1));
    private final Context context = vertx.getOrCreateContext();
    private final Path notes;
    private final AcpServer server;
    private int calls;

    /**
     * A coder that does not listen yet.
     *
     * @param folder where it keeps its notes
     */
    public Coder(Path folder, InputStream in, OutputStream out) {
        this.notes = folder.resolve("notes.md");
        this.server = new AcpServer(vertx, context, in, out, this);
    }

    /** Serves until its client is gone. */
    public void untilEnded() {
        try {
            server.untilEnded();
        } finally {
            vertx.close();
        }
    }

    @Override
    public String title() {
        return "Demo coder";
    }

    @Override
    public Future<String> open() {
        return Future.succeededFuture(UUID.randomUUID().toString());
    }

    /** All it remembers is in its notes: any session goes on. */
    @Override
    public Future<Void> load(String session, AcpTurn told) {
        return Future.succeededFuture();
    }

    @Override
    public Future<String> prompt(AcpTurn turn) {
        turn.thought("Somebody tells me something. I look at my notes, and write it down if I may.");
        plan(turn, "in_progress", "pending");
        String id = nextId();
        turn.call(new AcpTurn.Call(id, "Read notes.md", "read", path(), FrameCodec.toTree(List.of())), false);
        return onWorker(this::read).compose(before -> {
            turn.ended(id, true, before.isEmpty() ? "(nothing yet)" : before);
            plan(turn, "completed", "in_progress");
            return propose(turn, before);
        });
    }

    private Future<String> propose(AcpTurn turn, String before) {
        String note = turn.text().strip().replaceAll("\\s+", " ");
        String after = before + "- " + VisibleText.cut(note, MOST_NOTE) + "\n";
        ObjectNode diff = FrameCodec.object()
                .put("type", "diff")
                .put("path", notes.toString())
                .put("oldText", before)
                .put("newText", after);
        AcpTurn.Call edit = new AcpTurn.Call(
                nextId(), "Write it down in notes.md", "edit", path(), FrameCodec.toTree(List.of(diff)));
        turn.call(edit, true);
        return turn.ask(edit).compose(said -> decided(turn, edit, said, after));
    }

    private Future<String> decided(AcpTurn turn, AcpTurn.Call edit, Optional<Boolean> said, String after) {
        if (said.isEmpty() || turn.cancelled().isComplete()) {
            turn.ended(edit.id(), false, "cancelled");
            return Future.succeededFuture("cancelled");
        }
        if (!said.get()) {
            turn.ended(edit.id(), false, "not allowed");
            turn.say("Then I keep it out of my notes.");
            return Future.succeededFuture("end_turn");
        }
        return onWorker(() -> {
                    Files.writeString(notes, after);
                    return after.lines().count();
                })
                .map(count -> {
                    turn.ended(edit.id(), true, "written");
                    plan(turn, "completed", "completed");
                    turn.say("I have written it down. That makes " + count + (count == 1 ? " note" : " notes") + " in "
                            + notes + ".");
                    return "end_turn";
                });
    }

    private String read() throws IOException {
        return Files.exists(notes) ? Files.readString(notes) : "";
    }

    private ObjectNode path() {
        return FrameCodec.object().put("path", notes.toString());
    }

    private static void plan(AcpTurn turn, String reading, String writing) {
        turn.plan(List.of(new AcpTurn.Step("look at my notes", reading), new AcpTurn.Step("write this down", writing)));
    }

    private String nextId() {
        return "call-" + ++calls;
    }

    private <T> Future<T> onWorker(Callable<T> work) {
        return context.executeBlocking(work, true);
    }
}
