package dev.fairlead.protocol.client;

import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.Names;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;

/**
 * How an agent connects.
 *
 * @param url of the gateway's agent socket; without a path, {@code /ws/agent} is meant
 * @param name under which its permanent token is kept; who it is, the gateway knows from the token alone
 * @param token ephemeral, good for one hour and one registration; needed until a permanent one is kept
 * @param tokenRoot the permanent token is kept at {@code <tokenRoot>/<name>/token}
 * @param version of the agent itself, shown to the operator
 * @param capabilities what it can do, in words of its own without a comma, shown to the operator
 * @param silence without any frame for that long the link is dead
 * @param timeout for a connection to be made, and again for the registration on it
 * @param backoff between attempts
 * @param proof that who listens there may be shown the token, asked for before each attempt. One that fails with
 *     {@code connection_lost} is asked for again later, as where nobody listens; any other failure stops the client
 */
public record AgentClientOptions(
        String url,
        String name,
        Optional<String> token,
        Path tokenRoot,
        Optional<String> version,
        List<String> capabilities,
        Duration silence,
        Duration timeout,
        Supplier<Backoff> backoff,
        Supplier<Future<Void>> proof) {

    /** Checks name and URL. */
    public AgentClientOptions {
        Names.require("Agent name", name);
        Endpoint.parse(url);
        capabilities = List.copyOf(capabilities);
    }

    /** With all that is usual: 90 s of silence, 10 s to connect, tokens under {@code ~/.fairlead/agents}. */
    public static AgentClientOptions of(String url, String name) {
        return new AgentClientOptions(
                url,
                name,
                Optional.empty(),
                AgentTokenFile.defaultRoot(),
                Optional.empty(),
                List.of(),
                Duration.ofSeconds(90),
                Duration.ofSeconds(10),
                () -> Backoff.agents(new Random()),
                Future::succeededFuture);
    }

    /**
     * What a gateway tells the instances it starts: {@code FAIRLEAD_URL}, {@code FAIRLEAD_AGENT_NAME} and
     * {@code FAIRLEAD_TOKEN}.
     *
     * @throws FairleadException {@code bad_request} that names the variable that is missing
     */
    public static AgentClientOptions fromEnvironment(Map<String, String> environment) {
        AgentClientOptions options =
                of(required(environment, "FAIRLEAD_URL"), required(environment, "FAIRLEAD_AGENT_NAME"));
        return Optional.ofNullable(environment.get("FAIRLEAD_TOKEN"))
                .filter(token -> !token.isBlank())
                .map(options::withToken)
                .orElse(options);
    }

    private static String required(Map<String, String> environment, String variable) {
        return Optional.ofNullable(environment.get(variable))
                .filter(value -> !value.isBlank())
                .orElseThrow(() -> new FairleadException(ErrorCode.BAD_REQUEST, variable + " is not set"));
    }

    /** With an ephemeral token, as {@code fairlead token create NAME} gives it. */
    public AgentClientOptions withToken(String ephemeral) {
        return new AgentClientOptions(
                url, name, Optional.of(ephemeral), tokenRoot, version, capabilities, silence, timeout, backoff, proof);
    }

    public AgentClientOptions withTokenRoot(Path root) {
        return new AgentClientOptions(url, name, token, root, version, capabilities, silence, timeout, backoff, proof);
    }

    /** Announces a version of the agent. */
    public AgentClientOptions withVersion(String shown) {
        return new AgentClientOptions(
                url, name, token, tokenRoot, Optional.of(shown), capabilities, silence, timeout, backoff, proof);
    }

    /** Announces what the agent can do. */
    public AgentClientOptions withCapabilities(List<String> shown) {
        return new AgentClientOptions(url, name, token, tokenRoot, version, shown, silence, timeout, backoff, proof);
    }

    public AgentClientOptions withSilence(Duration limit) {
        return new AgentClientOptions(
                url, name, token, tokenRoot, version, capabilities, limit, timeout, backoff, proof);
    }

    public AgentClientOptions withTimeout(Duration limit) {
        return new AgentClientOptions(
                url, name, token, tokenRoot, version, capabilities, silence, limit, backoff, proof);
    }

    public AgentClientOptions withBackoff(Supplier<Backoff> policy) {
        return new AgentClientOptions(
                url, name, token, tokenRoot, version, capabilities, silence, timeout, policy, proof);
    }

    /** With a proof asked of whoever listens there, before the token is shown to them. */
    public AgentClientOptions withProof(Supplier<Future<Void>> asked) {
        return new AgentClientOptions(
                url, name, token, tokenRoot, version, capabilities, silence, timeout, backoff, asked);
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "AgentClientOptions[" + name + " at " + Endpoint.parse(url) + "]";
    }
}
