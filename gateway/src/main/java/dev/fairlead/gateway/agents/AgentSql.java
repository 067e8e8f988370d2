package dev.fairlead.gateway.agents;

/** The statements of {@link AgentRepository} and {@link AgentQueries}, the same for H2 and PostgreSQL. */
final class AgentSql {
    static final String ALL_AGENTS =
            "SELECT name, agent_id, epoch, connected_at, last_seen, version, capabilities, node FROM agents"
                    + " WHERE NOT revoked";
    /** Locks the row: registrations, rotation and revocation of one agent come one after another, on any node. */
    static final String LOCK_AGENT = "SELECT agent_id, revoked, epoch FROM agents WHERE name = ? FOR UPDATE";

    static final String ADD_AGENT =
            "INSERT INTO agents (agent_id, revoked, epoch, connected_at, last_seen, version, capabilities, node, name)"
                    + " VALUES (?, FALSE, ?, ?, ?, ?, ?, ?, ?)";
    static final String CONNECT_AGENT =
            "UPDATE agents SET agent_id = ?, revoked = FALSE, epoch = ?, connected_at = ?, last_seen = ?, version = ?,"
                    + " capabilities = ?, node = ? WHERE name = ?";
    static final String SEE_AGENT = "UPDATE agents SET last_seen = ? WHERE name = ?";
    static final String REVOKE_AGENT = "UPDATE agents SET revoked = TRUE WHERE name = ? AND NOT revoked";

    static final String PERMANENT =
            "SELECT jti, agent_name, issued_at, sha256, proven, valid_until FROM agent_tokens WHERE jti = ?";
    static final String ADD_PERMANENT =
            "INSERT INTO agent_tokens (jti, agent_name, issued_at, sha256, proven) VALUES (?, ?, ?, ?, FALSE)";
    static final String PROVE_PERMANENT = "UPDATE agent_tokens SET proven = TRUE WHERE jti = ?";
    static final String END_PERMANENT =
            "UPDATE agent_tokens SET valid_until = ? WHERE agent_name = ? AND valid_until IS NULL";
    static final String DROP_PERMANENT = "DELETE FROM agent_tokens WHERE agent_name = ?";
    static final String PRUNE_PERMANENT = "DELETE FROM agent_tokens WHERE valid_until < ?";

    static final String GRANT =
            "SELECT jti, agent_name, used_at, brought_jti, nonce_sha256 FROM registration_tokens WHERE jti = ?";
    /** Locks the row: of two who use one token at once, one comes second. */
    static final String LOCK_GRANT = GRANT + " FOR UPDATE";

    static final String ADD_GRANT = "INSERT INTO registration_tokens (jti, agent_name, expires_at) VALUES (?, ?, ?)";
    static final String USE_GRANT =
            "UPDATE registration_tokens SET used_at = ?, brought_jti = ?, nonce_sha256 = ? WHERE jti = ?";
    static final String DROP_GRANTS = "DELETE FROM registration_tokens WHERE agent_name = ?";
    static final String PRUNE_GRANTS = "DELETE FROM registration_tokens WHERE expires_at < ?";

    private AgentSql() {}
}
