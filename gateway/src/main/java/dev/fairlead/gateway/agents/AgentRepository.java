package dev.fairlead.gateway.agents;

import dev.fairlead.gateway.auth.IssuedToken;
import dev.fairlead.gateway.auth.TokenIssuer;
import dev.fairlead.gateway.auth.TokenKind;
import dev.fairlead.gateway.auth.VerifiedToken;
import dev.fairlead.gateway.store.Columns;
import dev.fairlead.gateway.store.WriteConnection;
import io.vertx.core.json.JsonArray;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is kept of agents and their tokens. Every method is one unit of a write transaction and may be run again. */
final class AgentRepository {
    private final TokenIssuer issuer;

    AgentRepository(TokenIssuer issuer) {
        this.issuer = issuer;
    }

    private record Kept(String agentId, boolean revoked, long epoch) {
        static Kept of(Columns row) throws SQLException {
            return new Kept(row.string("agent_id"), row.bool("revoked"), row.number("epoch"));
        }
    }

    /** Decides on the token, and where it is good makes the connection the agent's one, with an epoch of its own. */
    Registration.Outcome register(WriteConnection c, Registration registration) throws SQLException {
        VerifiedToken token = registration.token();
        Admission admission = admission(c, token, registration.text(), registration.nonce(), registration.now());
        if (admission instanceof Admission.FirstUse) {
            return firstUse(c, registration);
        }
        if (admission instanceof Admission.Repeat repeat) {
            return repeat(c, registration, repeat.brought());
        }
        if (admission instanceof Admission.Resume resume) {
            if (!resume.token().proven()) {
                c.update(AgentSql.PROVE_PERMANENT, token.jti());
            }
            return new Registration.Outcome.Admitted(
                    connect(c, registration),
                    Optional.empty(),
                    token.jti(),
                    resume.token().validUntil());
        }
        return new Registration.Outcome.Refused(((Admission.Refused) admission).why());
    }

    /** What a token entitles to now; changes nothing. */
    static Admission admission(WriteConnection c, VerifiedToken token, String text, Optional<String> nonce, Instant now)
            throws SQLException {
        return token.kind() == TokenKind.REGISTER
                ? Admission.ofGrant(token, nonce, grant(c, token.jti()), now)
                : Admission.ofPermanent(token, text, permanent(c, token.jti()), now);
    }

    private Registration.Outcome firstUse(WriteConnection c, Registration registration) throws SQLException {
        IssuedToken fresh = registration.fresh();
        StoredAgent agent = connect(c, registration);
        // Whoever holds an older token of this agent is not who was given the newer registration token.
        c.update(AgentSql.DROP_PERMANENT, agent.name());
        addPermanent(c, fresh);
        c.update(
                AgentSql.USE_GRANT,
                registration.now(),
                fresh.claims().jti(),
                registration.nonce().map(PermanentToken::sha256),
                registration.token().jti());
        return new Registration.Outcome.Admitted(
                agent, Optional.of(fresh.text()), fresh.claims().jti(), Optional.empty());
    }

    private Registration.Outcome repeat(WriteConnection c, Registration registration, PermanentToken brought)
            throws SQLException {
        String text = issuer.agent(brought.agentName(), brought.jti(), brought.issuedAt())
                .text();
        if (!brought.isOf(text)) {
            return new Registration.Outcome.Refused(
                    "The gateway's signing key has changed since this registration token"
                            + " was used. Create a new one: fairlead token create " + brought.agentName());
        }
        return new Registration.Outcome.Admitted(
                connect(c, registration), Optional.of(text), brought.jti(), Optional.empty());
    }

    private static StoredAgent connect(WriteConnection c, Registration registration) throws SQLException {
        String name = registration.token().subject();
        Optional<Kept> kept = c.queryOne(AgentSql.LOCK_AGENT, Kept::of, name);
        String agentId =
                kept.filter(agent -> !agent.revoked()).map(Kept::agentId).orElse(registration.freshId());
        long epoch = kept.map(Kept::epoch).orElse(0L) + 1;
        c.update(
                kept.isPresent() ? AgentSql.CONNECT_AGENT : AgentSql.ADD_AGENT,
                agentId,
                epoch,
                registration.now(),
                registration.now(),
                registration.version(),
                new JsonArray(registration.capabilities()).encode(),
                registration.node(),
                name);
        return new StoredAgent(
                name,
                agentId,
                epoch,
                registration.now(),
                registration.now(),
                registration.version(),
                registration.capabilities(),
                registration.node());
    }

    /** Keeps a registration token until it has been used or has expired. */
    int addGrant(WriteConnection c, IssuedToken token) throws SQLException {
        VerifiedToken claims = token.claims();
        return c.update(AgentSql.ADD_GRANT, claims.jti(), claims.subject(), claims.expiresAt());
    }

    /** As {@link #addGrant}, where it may be kept already. */
    int addGrantOnce(WriteConnection c, IssuedToken token) throws SQLException {
        boolean known = c.queryOne(
                        AgentSql.GRANT, row -> row.string("jti"), token.claims().jti())
                .isPresent();
        return known ? 0 : addGrant(c, token);
    }

    /**
     * Makes {@code fresh} the agent's token; those before it end at {@code previousEnd}.
     *
     * @return whether there is such an agent
     */
    boolean rotate(WriteConnection c, IssuedToken fresh, Instant previousEnd) throws SQLException {
        String name = fresh.claims().subject();
        if (c.queryOne(AgentSql.LOCK_AGENT, Kept::of, name)
                .filter(agent -> !agent.revoked())
                .isEmpty()) {
            return false;
        }
        c.update(AgentSql.END_PERMANENT, previousEnd, name);
        addPermanent(c, fresh);
        return true;
    }

    /**
     * Ends an agent and everything that could bring it back.
     *
     * @return whether there was an agent, or at least a registration token for one
     */
    boolean revoke(WriteConnection c, String name) throws SQLException {
        int agents = c.update(AgentSql.REVOKE_AGENT, name);
        c.update(AgentSql.DROP_PERMANENT, name);
        int grants = c.update(AgentSql.DROP_GRANTS, name);
        return agents > 0 || grants > 0;
    }

    /** Writes when agents were last heard of, all together. */
    int seen(WriteConnection c, Map<String, Instant> lastSeen) throws SQLException {
        List<Object[]> rows = lastSeen.entrySet().stream()
                .map(one -> new Object[] {one.getValue(), one.getKey()})
                .toList();
        return c.batch(AgentSql.SEE_AGENT, rows).length;
    }

    /** Forgets tokens that the check of a token's times refuses anyway. */
    int prune(WriteConnection c, Instant grantsBefore, Instant permanentBefore) throws SQLException {
        return c.update(AgentSql.PRUNE_GRANTS, grantsBefore) + c.update(AgentSql.PRUNE_PERMANENT, permanentBefore);
    }

    private static void addPermanent(WriteConnection c, IssuedToken token) throws SQLException {
        VerifiedToken claims = token.claims();
        c.update(
                AgentSql.ADD_PERMANENT,
                claims.jti(),
                claims.subject(),
                claims.issuedAt(),
                PermanentToken.sha256(token.text()));
    }

    static Optional<RegistrationGrant> grant(WriteConnection c, String jti) throws SQLException {
        record Row(String name, Optional<Instant> usedAt, Optional<String> brought, Optional<String> nonceSha256) {}
        Optional<Row> found = c.queryOne(
                AgentSql.LOCK_GRANT,
                row -> new Row(
                        row.string("agent_name"),
                        row.optionalInstant("used_at"),
                        row.optionalString("brought_jti"),
                        row.optionalString("nonce_sha256")),
                jti);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Row row = found.get();
        Optional<PermanentToken> brought =
                row.brought().isPresent() ? permanent(c, row.brought().get()) : Optional.empty();
        return Optional.of(new RegistrationGrant(jti, row.name(), row.usedAt(), brought, row.nonceSha256()));
    }

    static Optional<PermanentToken> permanent(WriteConnection c, String jti) throws SQLException {
        return c.queryOne(
                AgentSql.PERMANENT,
                row -> new PermanentToken(
                        row.string("jti"),
                        row.string("agent_name"),
                        row.instant("issued_at"),
                        row.string("sha256"),
                        row.bool("proven"),
                        row.optionalInstant("valid_until")),
                jti);
    }
}
