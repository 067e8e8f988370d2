package dev.fairlead.gateway.agents;

import dev.fairlead.gateway.auth.IssuedToken;
import dev.fairlead.gateway.auth.TokenIssuer;
import dev.fairlead.gateway.auth.TokenKind;
import dev.fairlead.gateway.auth.TokenVerifier;
import dev.fairlead.gateway.auth.VerifiedToken;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.Names;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** Tokens and the database behind the agents' requests: each step checks, commits, then answers. */
final class AgentAccess {
    /** So long a program's start waits for the store. */
    private static final Duration GRANT_PATIENCE = Duration.ofMillis(500);

    private static final Duration GRANT_RETRY = Duration.ofMillis(500);

    private final Database database;
    private final AgentRepository repository;
    private final TokenIssuer issuer;
    private final TokenVerifier verifier;
    private final TimeSource time;
    private final Duration rotationOverlap;

    AgentAccess(
            Database database, TokenIssuer issuer, TokenVerifier verifier, TimeSource time, Duration rotationOverlap) {
        this.database = database;
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
        return database.write(c -> AgentRepository.admission(c, token, text, command.nonce(), now))
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
        return database.write(c -> repository.register(c, registration)).map(outcome -> {
            if (outcome instanceof Registration.Outcome.Refused refused) {
                throw new FairleadException(ErrorCode.UNAUTHORIZED, refused.why());
            }
            return (Registration.Outcome.Admitted) outcome;
        });
    }

    Future<AgentCommands.RegistrationToken> createRegistrationToken(String name) {
        IssuedToken token = issuer.registration(name);
        Instant expiresAt = token.claims().expiresAt().orElseThrow();
        return database.write(c -> repository.addGrant(c, token))
                .map(added -> new AgentCommands.RegistrationToken(token.text(), name, expiresAt));
    }

    /** A registration token that is good as soon as the store has its grant, which it is given until it has it. */
    Future<AgentCommands.RegistrationToken> createProgramToken(String name, Scheduler scheduler) {
        IssuedToken token = issuer.registration(name);
        Instant expiresAt = token.claims().expiresAt().orElseThrow();
        Promise<Void> enough = Promise.promise();
        scheduler.after(GRANT_PATIENCE, enough::tryComplete);
        grant(token, expiresAt, scheduler, enough);
        return enough.future().map(done -> new AgentCommands.RegistrationToken(token.text(), name, expiresAt));
    }

    private void grant(IssuedToken token, Instant expiresAt, Scheduler scheduler, Promise<Void> asked) {
        database.write(c -> repository.addGrant(c, token)).onComplete(done -> {
            asked.tryComplete();
            if (done.failed() && time.instant().isBefore(expiresAt)) {
                scheduler.after(GRANT_RETRY, () -> grant(token, expiresAt, scheduler, asked));
            }
        });
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
        return database.write(c -> repository.rotate(c, fresh, previousEnd)).map(found -> {
            if (!found) {
                throw notFound(name);
            }
            return new Rotated(
                    new AgentCommands.TokenRotated(fresh.text(), name, previousEnd),
                    fresh.claims().jti());
        });
    }

    Future<AgentCommands.AgentRevoked> revoke(String name) {
        return database.write(c -> repository.revoke(c, name)).map(found -> {
            if (!found) {
                throw notFound(name);
            }
            return new AgentCommands.AgentRevoked(name);
        });
    }

    /** Forgets tokens whose time is over. */
    Future<Integer> prune() {
        Instant now = time.instant();
        return database.write(
                c -> repository.prune(c, now.minus(TokenVerifier.LEEWAY).minusSeconds(1), now));
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
