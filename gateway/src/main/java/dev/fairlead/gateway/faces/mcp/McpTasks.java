package dev.fairlead.gateway.faces.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/** Calls that wait for a person, as tasks: for clients of the stateless era that say they come back for them. */
final class McpTasks {
    static final String EXTENSION = "io.modelcontextprotocol/tasks";

    private static final int MISSING_CAPABILITY = -32021;
    private static final int POLL_MILLIS = 2000;

    private final Bus bus;
    private final String place;

    McpTasks(Bus bus, String node) {
        this.bus = bus;
        this.place = McpCommands.place(node);
    }

    /** What a call is answered that a task stands for. */
    static ObjectNode created(McpCommands.Parked call) {
        ObjectNode created = FrameCodec.object().put("resultType", "task");
        created.setAll(task(call));
        return created;
    }

    /** One of the methods {@code tasks/…}. */
    Future<ObjectNode> answer(McpCaller caller, RpcMessage request) {
        if (!Asking.takesTasks(request)) {
            ObjectNode data = FrameCodec.object();
            data.putObject("requiredCapabilities").putObject("extensions").putObject(EXTENSION);
            throw new McpFault(
                    400, MISSING_CAPABILITY, "The request does not say that its client knows tasks", Optional.of(data));
        }
        String id = request.text("taskId");
        Future<McpCommands.Parked> task = request.method().orElseThrow().equals("tasks/cancel")
                ? bus.requestAt(place, new McpCommands.TakeBack(id, caller.holder()))
                : bus.requestAt(place, new McpCommands.Look(id, caller.holder(), Duration.ZERO));
        return task.map(call -> request.method().orElseThrow().equals("tasks/get") ? whole(call) : FrameCodec.object())
                .recover(cause -> Future.failedFuture(
                        cause instanceof FairleadException refusal && refusal.code() == ErrorCode.NOT_FOUND
                                ? McpFault.badParams(refusal.getMessage())
                                : cause));
    }

    private static ObjectNode whole(McpCommands.Parked call) {
        ObjectNode whole = task(call);
        if (status(call.state()).equals("completed")) {
            whole.set("result", McpApprovals.outcome(call));
        }
        return whole;
    }

    private static ObjectNode task(McpCommands.Parked call) {
        ObjectNode task = FrameCodec.object().put("taskId", call.id()).put("status", status(call.state()));
        if (call.state() == McpCommands.State.WAITING) {
            task.put("statusMessage", "It waits for a person's approval; nothing was done yet");
        } else if (call.state() == McpCommands.State.DOUBTED) {
            task.put("statusMessage", "It may have been done; a person is asked whether it is made again");
        } else if (call.state() == McpCommands.State.EXPIRED && call.result().isEmpty()) {
            task.put("statusMessage", "It was taken back, or nobody approved it in time: nothing was done");
        }
        task.set("createdAt", FrameCodec.toTree(call.createdAt()));
        task.set("lastUpdatedAt", FrameCodec.toTree(call.changedAt()));
        return task.put("ttlMs", ParkedCalls.RETENTION.toMillis()).put("pollIntervalMs", POLL_MILLIS);
    }

    private static String status(McpCommands.State state) {
        return switch (state) {
            case WAITING, RUNNING, DOUBTED -> "working";
            case DONE, FAILED, DENIED -> "completed";
            case EXPIRED -> "cancelled";
        };
    }
}
