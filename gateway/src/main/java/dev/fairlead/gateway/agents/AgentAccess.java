package dev.fairlead.gateway.agents;

import dev.fairlead.gateway.auth.IssuedToken;
import dev.fairlead.gateway.auth.TokenIssuer;
import dev.fairlead.gateway.auth.TokenKind;
import dev.fairlead.gateway.auth.TokenVerifier;
import dev.fairlead.gateway.auth.VerifiedToken;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.ledger.WriteBehind;
import dev.fairlead.gateway.store.WriteUnit;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.Names;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Tokens and the ledger behind the agents' requests: each step checks, commits, then answers. */
final class AgentAccess {
    private final Ledger ledger;
    private final WriteBehind<String, Integer> grants; // by agent: of a program that started anew only the last is used
    private final Map<String, String> programs = new HashMap<>(); // the ids of the tokens whose grants are not kept yet
    private final AgentRepository repository;
    private final TokenIssuer issuer;
    private final TokenVerifier verifier;
    private final TimeSource time;
    private final Duration rotationOverlap;

    AgentAccess(Ledger ledger, TokenIssuer issuer, TokenVerifier verifier, TimeSource time, Duration rotationOverlap) {
        this.ledger = ledger;
        this.grants = new WriteBehind<>(ledger, (name, added) -> programs.remove(name));
        this.repository = new AgentRepository(issuer);
        this.issuer = issuer;
        this.verifier = verifier;
        this.time = time;
        this.rotationOverlap = rotationOverlap;
    }

    /**
     * Whom a token stands for; changes nothing. It is read on the writer's connection: when a whole fleet comes back at
     * once, its checks share a few transactions there, where each would wait for a reader's connection of its own.
     */
    Future<AgentCommands.Identity> authenticate(AgentCommands.Authenticate command) {
        String text = command.token();
        VerifiedToken token = verify(text);
        Instant now = time.instant();
        return ledger.commit(c -> AgentRepository.admission(c, token, text, command.nonce(), now))
                .map(decided -> {
                    if (decided instanceof Admission.Refused refused) {
                        throw new FairleadException(ErrorCode.UNAUTHORIZED, refused.why());
                    }
                    return new AgentCommands.Identity(token.subject(), token.kind(), token.jti());
                });
    }

    /** Admits a connection, committed. */
    Future<Registration.Outcome.Admitted> register(AgentCommands.Register command) {
        VerifiedToken token = verify(command.token());
        Registration registration = new Registration(
                token,
                command.token(),
                command.nonce(),
                command.version(),
                command.capabilities(),
                command.connection().node(),
                issuer.agent(token.subject()),
                UUID.randomUUID().toString(),
                time.instant());
        return ledger.commit(c -> repository.register(c, registration)).map(outcome -> {
            if (outcome instanceof Registration.Outcome.Refused refused) {
                throw new FairleadException(ErrorCode.UNAUTHORIZED, refused.why());
            }
            return (Registration.Outcome.Admitted) outcome;
        });
    }

    Future<AgentCommands.RegistrationToken> createRegistrationToken(String name) {
        IssuedToken token = issuer.registration(name);
        Instant expiresAt = token.claims().expiresAt().orElseThrow();
        return ledger.commit(c -> repository.addGrant(c, token))
                .map(added -> new AgentCommands.RegistrationToken(token.text(), name, expiresAt));
    }

    /**
     * A registration token for a program whose start does not wait for a store that is away: it is good as soon as the
     * store has its grant, which it is given until it has it.
     */
    Future<AgentCommands.RegistrationToken> createProgramToken(String name) {
        IssuedToken token = issuer.registration(name);
        Instant expiresAt = token.claims().expiresAt().orElseThrow();
        String jti = token.claims().jti();
        programs.put(name, jti);
        return grants.happened(
                        name,
                        grant(token, expiresAt),
                        () -> jti.equals(programs.get(name))
                                ? grant(token, expiresAt)
                                : c -> 0) // the agent was revoked meanwhile
                .map(kept -> {
                    if (kept) {
                        programs.remove(name, jti);
                    }
                    return new AgentCommands.RegistrationToken(token.text(), name, expiresAt);
                });
    }

    /** Of a token that nobody can use any more nothing is kept. */
    private WriteUnit<Integer> grant(IssuedToken token, Instant expiresAt) {
        return c -> time.instant().isBefore(expiresAt) ? repository.addGrantOnce(c, token) : 0;
    }

    /**
     * A new permanent token, committed.
     *
     * @param jti its id
     */
    record Rotated(AgentCommands.TokenRotated answer, String jti) {}

    Future<Rotated> rotate(String name) {
        if (!Names.isValid(name)) {
            return Future.failedFuture(notFound(name));
        }
        IssuedToken fresh = issuer.agent(name);
        Instant previousEnd = time.instant().plus(rotationOverlap);
        return ledger.commit(c -> repository.rotate(c, fresh, previousEnd)).map(found -> {
            if (!found) {
                throw notFound(name);
            }
            return new Rotated(
                    new AgentCommands.TokenRotated(fresh.text(), name, previousEnd),
                    fresh.claims().jti());
        });
    }

    Future<AgentCommands.AgentRevoked> revoke(String name) {
        Optional<String> withdrawn = Optional.ofNullable(programs.remove(name));
        return ledger.commit(c -> repository.revoke(c, name))
                .onFailure(refused -> withdrawn.ifPresent(jti -> programs.putIfAbsent(name, jti)))
                .map(found -> {
                    if (!found) {
                        throw notFound(name);
                    }
                    return new AgentCommands.AgentRevoked(name);
                });
    }

    /** Forgets tokens whose time is over. */
    WriteUnit<Integer> prune() {
        Instant now = time.instant();
        return c -> repository.prune(c, now.minus(TokenVerifier.LEEWAY).minusSeconds(1), now);
    }

    static FairleadException notFound(String name) {
        return new FairleadException(ErrorCode.AGENT_NOT_FOUND, "No agent named '" + Names.shown(name) + "'");
    }

    private VerifiedToken verify(String text) {
        VerifiedToken token = verifier.verify(text);
        if (token.kind() != TokenKind.AGENT && token.kind() != TokenKind.REGISTER) {
            throw new FairleadException(
                    ErrorCode.FORBIDDEN,
                    "A token for '" + token.kind().audience()
                            + "' does not make an agent; create one for it: fairlead token create NAME");
        }
        return token;
    }
}
