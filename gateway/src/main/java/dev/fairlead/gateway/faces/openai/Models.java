package dev.fairlead.gateway.faces.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.agents.AgentCommands;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.protocol.AgentStatus;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.Names;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Optional;

/** The agents that can chat, by the names they have as models. */
final class Models {
    private static final String OWNER = "fairlead";
    private static final String OPERATOR = "fairlead/operator";
    private static final String LLM = "fairlead/llm";
    private static final String AGENT = "fairlead/agent/";

    private final Bus bus;
    private final boolean llm;
    private final Instant since;

    /**
     * The models of a gateway.
     *
     * @param llm whether a language model is configured
     * @param since when they came to be, as the API wants to know
     */
    Models(Bus bus, boolean llm, Instant since) {
        this.bus = bus;
        this.llm = llm;
        this.since = since;
    }

    /** All of them. */
    Future<ObjectNode> list() {
        return bus.request(new AgentCommands.ListAgents()).map(found -> {
            ObjectNode list = FrameCodec.object().put("object", "list");
            ArrayNode data = list.putArray("data");
            data.add(model(OPERATOR));
            if (llm) {
                data.add(model(LLM));
            }
            found.agents().forEach(agent -> data.add(model(AGENT + agent.name())));
            return list;
        });
    }

    /** One of them; fails with an {@link ApiError.Refusal}. */
    Future<ObjectNode> get(String id) {
        return exists(id).map(known -> {
            if (!known) {
                throw new ApiError.Refusal(ApiError.unknownModel(shown(id)));
            }
            return model(id);
        });
    }

    /**
     * Who answers for a model, as the chat calls them.
     *
     * @return fails with an {@link ApiError.Refusal} where nobody does, or not now
     */
    Future<String> agent(String model) {
        Optional<String> name = agentName(model);
        if (name.isEmpty()) {
            return exists(model).map(known -> {
                if (!known) {
                    throw new ApiError.Refusal(ApiError.unknownModel(shown(model)));
                }
                return model.substring(OWNER.length() + 1);
            });
        }
        return bus.request(new AgentCommands.GetAgent(name.get())).transform(done -> {
            if (done.failed()) {
                return Bus.refusal(done.cause()).code() == ErrorCode.AGENT_NOT_FOUND
                        ? Future.failedFuture(new ApiError.Refusal(ApiError.unknownModel(model)))
                        : Future.failedFuture(done.cause());
            }
            return done.result().agent().status() == AgentStatus.OFFLINE
                    ? Future.failedFuture(new ApiError.Refusal(new ApiError(
                            503,
                            "Agent '" + name.get() + "' is not connected; start it (fairlead agent --name " + name.get()
                                    + ") and ask again",
                            Optional.of("model"),
                            "agent_offline",
                            true)))
                    : Future.succeededFuture("agent:" + name.get());
        });
    }

    private Future<Boolean> exists(String model) {
        Optional<String> name = agentName(model);
        return name.map(agent -> bus.request(new AgentCommands.GetAgent(agent))
                        .map(found -> true)
                        .recover(failure -> Bus.refusal(failure).code() == ErrorCode.AGENT_NOT_FOUND
                                ? Future.succeededFuture(false)
                                : Future.failedFuture(failure)))
                .orElseGet(() -> Future.succeededFuture(model.equals(OPERATOR) || (llm && model.equals(LLM))));
    }

    private static Optional<String> agentName(String model) {
        return Optional.of(model)
                .filter(id -> id.startsWith(AGENT))
                .map(id -> id.substring(AGENT.length()))
                .filter(Names::isValid);
    }

    private static String shown(String model) {
        return Names.shown(model);
    }

    private ObjectNode model(String id) {
        return FrameCodec.object()
                .put("id", id)
                .put("object", "model")
                .put("created", since.getEpochSecond())
                .put("owned_by", OWNER);
    }
}
