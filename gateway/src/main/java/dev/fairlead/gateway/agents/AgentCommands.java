package dev.fairlead.gateway.agents;

import dev.fairlead.gateway.auth.TokenKind;
import dev.fairlead.gateway.bus.Request;
import dev.fairlead.protocol.AgentSummary;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What can be asked of the agents' concern. Every request may also be refused with {@code storage_unavailable}. Tokens
 * do not show in {@code toString}.
 */
public final class AgentCommands {
    private AgentCommands() {}

    /**
     * Checks an agent's token without using it, before an upgrade: signature, kind ({@code agent} or {@code register}),
     * kept, neither revoked nor used up. A used registration token passes for as long as {@link Register} would answer
     * it again. Refused with {@code unauthorized}, or {@code forbidden} for an operator's token.
     *
     * @param nonce what the agent would register with
     */
    public record Authenticate(String token, Optional<String> nonce) implements Request<Identity> {
        @Override
        public String toString() {
            return "Authenticate[********]";
        }
    }

    /** Whom a token stands for. */
    public record Identity(String name, TokenKind kind, String jti) {}

    /**
     * Registers the agent a token names on a connection, which replaces any older one of that agent. Refused as
     * {@link Authenticate}. The answer may come when the connection is gone: the edge then tells
     * {@link ConnectionEvent.Disconnected} with the epoch of the answer.
     *
     * @param nonce of the agent's own making; a used registration token is answered again for the same one alone
     * @param name what the agent calls itself; never believed, the token's name counts
     * @param version at most 100 characters are kept
     * @param capabilities at most 64 of at most 100 characters are kept
     */
    public record Register(
            String token,
            Optional<String> nonce,
            Optional<String> name,
            Optional<String> version,
            List<String> capabilities,
            Connection connection)
            implements Request<Registered> {
        public Register {
            capabilities = List.copyOf(capabilities);
        }

        @Override
        public String toString() {
            return "Register[" + connection + "]";
        }
    }

    /**
     * Where an agent's socket is.
     *
     * @param edge the unique id of the edge that holds it: the bus place where it is reached
     * @param id the socket's number on that edge, never used again
     */
    public record Connection(String node, String edge, long id, String remoteAddress) {}

    /**
     * The registration, committed.
     *
     * @param token the permanent token, where a registration token was given
     * @param epoch the connection's owner epoch: larger than any before it of this agent, restarts included
     * @param jti of the permanent token the session stands on
     */
    public record Registered(
            String agentId, String name, Optional<String> token, long epoch, String jti, AgentSummary summary) {
        @Override
        public String toString() {
            return "Registered[" + name + ", epoch " + epoch + "]";
        }
    }

    /**
     * Makes a registration token. Refused with {@code bad_request} where the name is none.
     *
     * @param actor who asks, for the audit trail
     * @param address from where
     */
    public record CreateRegistrationToken(String agentName, String actor, String address)
            implements Request<RegistrationToken> {}

    /**
     * Makes a registration token for a program that is about to start, whether or not the store is there: its grant is
     * stored as soon as it can be.
     */
    public record CreateProgramToken(String agentName) implements Request<RegistrationToken> {}

    /** A registration token: good once, until then. */
    public record RegistrationToken(String token, String agentName, Instant expiresAt) {
        @Override
        public String toString() {
            return "RegistrationToken[" + agentName + "]";
        }
    }

    /** Asks for all agents, by name. */
    public record ListAgents() implements Request<AgentList> {}

    public record AgentList(List<AgentSummary> agents) {
        public AgentList {
            agents = List.copyOf(agents);
        }
    }

    /** Asks for one agent. Refused with {@code agent_not_found}. */
    public record GetAgent(String name) implements Request<AgentFound> {}

    public record AgentFound(AgentSummary agent) {}

    /** Shows agents of other nodes from now on, and tells of them: asked when all that hear of agents are there. */
    public record MeetOthers() implements Request<Met> {}

    /** The answer. */
    public record Met() {}

    /** Asks a node for the agents that are connected to it. */
    public record ListConnected() implements Request<Connected> {}

    /** The agents that are connected to a node, as they were told of. */
    public record Connected(List<AgentEvent.Connected> agents) {
        public Connected {
            agents = List.copyOf(agents);
        }
    }

    /**
     * Ends an agent: its tokens, those still to register with included, its connection, its place in the list. Refused
     * with {@code agent_not_found}.
     */
    public record RevokeAgent(String name, String actor, String address) implements Request<AgentRevoked> {}

    public record AgentRevoked(String name) {}

    /** Makes a new permanent token; the one before stays good for a while. Refused with {@code agent_not_found}. */
    public record RotateToken(String name, String actor, String address) implements Request<TokenRotated> {}

    /** The new permanent token, told this once. */
    public record TokenRotated(String token, String agentName, Instant previousValidUntil) {
        @Override
        public String toString() {
            return "TokenRotated[" + agentName + "]";
        }
    }
}
