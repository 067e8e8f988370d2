package dev.fairlead.gateway.chat.llm;

import dev.fairlead.gateway.chat.budget.Spending;
import dev.fairlead.gateway.chat.turn.ChatAgent;
import dev.fairlead.gateway.chat.turn.TurnContext;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.tools.ToolDefinition;
import dev.fairlead.gateway.traces.Traces;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent {@code llm}: a language model behind {@code llm.base_url} that answers with the gateway's tools in its
 * hands. Each turn asks the model, calls what it wants called, and asks again with what came of it.
 */
public final class LlmAgent implements ChatAgent {
    private static final Logger log = LoggerFactory.getLogger(LlmAgent.class);

    /** What is beyond the longest answer before the chat gives a turn up. */
    private static final Duration MARGIN = Duration.ofSeconds(30);

    private final TimeSource time;
    private final Settings.Llm settings;
    private final ModelLimits limits;
    private final LlmMetrics metrics;
    private final Optional<ChatCompletions> completions;
    private final ContextWindow window;
    private final Spending spending;
    /** The gateway's own tools, which are the same for every turn, and as functions. */
    private List<ToolDefinition> offered = List.of();

    private Functions functions = Functions.NONE;
    /** The model was found to call no functions: it is not offered any again. */
    private boolean withoutTools;

    /** One that tells nobody of its calls. */
    public LlmAgent(Vertx vertx, TimeSource time, Settings.Llm settings, MeterRegistry registry, Spending spending) {
        this(vertx, time, settings, registry, spending, Traces.none());
    }

    /** The model that the settings name. */
    public LlmAgent(
            Vertx vertx,
            TimeSource time,
            Settings.Llm settings,
            MeterRegistry registry,
            Spending spending,
            Traces traces) {
        this.spending = spending;
        this.window = new ContextWindow(settings.contextTokens());
        this.time = time;
        this.settings = settings;
        this.limits = ModelLimits.of(settings.firstTimeout(), settings.idleTimeout());
        this.metrics = new LlmMetrics(registry);
        if (settings.keyUnencrypted()) {
            log.warn(
                    "llm.api_key goes to {} unencrypted: set llm.base_url to https://",
                    provider().name());
        }
        this.completions = settings.baseUrl().flatMap(url -> settings.model()
                .map(model -> new ChatCompletions(vertx, time, limits, url, model, settings.apiKey(), traces)));
    }

    @Override
    public Provider provider() {
        return new Provider(settings.baseUrl().map(URI::getRawAuthority).orElse("llm"), settings.model());
    }

    /** An endpoint may send signs of life for as long as an answer may take, of which the chat hears nothing. */
    @Override
    public Duration silence() {
        return limits.whole().plus(MARGIN);
    }

    @Override
    public Future<Void> prepare() {
        return completions.isPresent()
                ? Future.succeededFuture()
                : Future.failedFuture(new FairleadException(
                        ErrorCode.CHAT_AGENT_INIT_FAILED,
                        "The agent llm needs " + (settings.baseUrl().isEmpty() ? "llm.base_url" : "llm.model")
                                + ": set llm.base_url to an OpenAI-compatible endpoint, such as"
                                + " http://localhost:11434/v1, and llm.model to a model it has"));
    }

    @Override
    public Future<Answer> run(TurnContext turn) {
        return prepare().compose(ready -> new LlmTurn(this, completions.orElseThrow(), turn).run());
    }

    /** Lets go of all connections. */
    public Future<Void> close() {
        return completions.map(ChatCompletions::close).orElseGet(Future::succeededFuture);
    }

    TimeSource time() {
        return time;
    }

    ContextWindow window() {
        return window;
    }

    Spending spending() {
        return spending;
    }

    LlmMetrics metrics() {
        return metrics;
    }

    /** Rounds of function calls in a turn. */
    int maxRounds() {
        return settings.maxRounds();
    }

    /** Characters of what was said before that the model is told. */
    int maxHistory() {
        return settings.maxHistory().toInt();
    }

    /** The client's tools, or else the gateway's, as functions. */
    Functions functions(TurnContext turn) {
        if (!turn.given().functions().isEmpty()) {
            return new Functions(turn.given().functions().stream()
                    .map(function -> new FunctionSpec(function.name(), function.description(), function.parameters()))
                    .toList());
        }
        List<ToolDefinition> now = turn.tools().offered();
        if (!now.equals(offered)) {
            functions = new Functions(now.stream()
                    .map(tool -> new FunctionSpec(
                            tool.name(), tool.description(), tool.parameters().schema()))
                    .toList());
            offered = now;
        }
        return functions;
    }

    boolean callsFunctions() {
        return !withoutTools;
    }

    void callsNoFunctions() {
        withoutTools = true;
    }
}
