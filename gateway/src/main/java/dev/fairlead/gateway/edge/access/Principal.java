package dev.fairlead.gateway.edge.access;

import dev.fairlead.gateway.audit.AuditEvents;
import dev.fairlead.gateway.auth.TokenKind;
import dev.fairlead.gateway.keys.KeyCommands;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Who is behind a request, as its credentials prove. */
public sealed interface Principal {
    /** Nobody in particular. */
    Principal ANYONE = new Anyone();

    /** How the audit trail calls them. */
    String actor();

    /** A request that needs no credentials and brought none. */
    record Anyone() implements Principal {
        @Override
        public String actor() {
            return AuditEvents.STRANGER;
        }
    }

    /**
     * The operator.
     *
     * @param proof {@code loopback}, {@code password}, {@code token} or {@code session}, the dashboard's
     * @param sessionEnds when the token or session ends; empty for the other proofs
     * @param login the id of the dashboard's session; empty for the other proofs
     */
    record Operator(String proof, Optional<Instant> sessionEnds, Optional<String> login) implements Principal {
        Operator(String proof, Optional<Instant> sessionEnds) {
            this(proof, sessionEnds, Optional.empty());
        }

        @Override
        public String actor() {
            return "operator";
        }
    }

    /** Who has a key of a face, and what it may do there. */
    record FaceKey(String id, String name, TokenKind kind, List<KeyCommands.Scope> scopes) implements Principal {
        public FaceKey {
            scopes = List.copyOf(scopes);
        }

        @Override
        public String actor() {
            return kind.audience() + ":" + name;
        }
    }

    /**
     * An agent, or one that is about to become one.
     *
     * @param token what it came with: registering needs it once more
     */
    record Agent(String name, TokenKind kind, String token) implements Principal {
        @Override
        public String actor() {
            return "agent:" + name;
        }

        @Override
        public String toString() {
            return "Agent[" + name + "]";
        }
    }
}
