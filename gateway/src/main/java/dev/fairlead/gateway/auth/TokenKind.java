package dev.fairlead.gateway.auth;

import java.util.Arrays;
import java.util.Optional;

/** What a token is for; its {@code aud} claim says so. */
public enum TokenKind {
    /** A person, or a tool of theirs: the whole of REST and every stream. */
    OPERATOR("operator", true),
    /** Registers one agent, once. */
    REGISTER("register", true),
    /** An agent that has registered; without an end, but revocable. */
    AGENT("agent", false),
    /** A client of the MCP face; without an end, but revocable, as those below. */
    MCP("mcp", false),
    /** A client of the OpenAI face. */
    OPENAI("openai", false),
    /** Whoever collects metrics: reads those and nothing else. */
    METRICS("metrics", false);

    private final String audience;
    private final boolean expires;

    TokenKind(String audience, boolean expires) {
        this.audience = audience;
        this.expires = expires;
    }

    /** The value of the {@code aud} claim. */
    public String audience() {
        return audience;
    }

    /** Whether it is a key of a face: good there alone. */
    public boolean isFace() {
        return this == MCP || this == OPENAI || this == METRICS;
    }

    /** Whether a token of this kind must carry {@code exp}. */
    public boolean expires() {
        return expires;
    }

    /** Empty for an audience that is none of ours. */
    public static Optional<TokenKind> of(String audience) {
        return Arrays.stream(values()).filter(k -> k.audience.equals(audience)).findFirst();
    }
}
