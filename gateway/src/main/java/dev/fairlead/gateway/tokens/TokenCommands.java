package dev.fairlead.gateway.tokens;

import dev.fairlead.gateway.bus.Request;
import dev.fairlead.gateway.cluster.OfUpstream;
import dev.fairlead.protocol.TokenReport;

/** What can be asked of the upstream token's concern; never the token. */
public final class TokenCommands {
    private TokenCommands() {}

    /** The token's state as it is now, or as the node that has it told it last. */
    public record GetToken() implements Request<Current> {}

    /** The answer. */
    public record Current(TokenReport token) {}

    /**
     * Forces a renewal, or joins the one under way; answered when that has ended, however it did. Refused with
     * {@code token_unavailable} where there are no credentials to renew with.
     *
     * @param actor who asks, for the audit trail
     * @param address from where
     */
    public record Refresh(String actor, String address) implements Request<Current>, OfUpstream {}

    /**
     * An authenticated operation has succeeded: the token counts as used now.
     *
     * @param operation for people: {@code order.submit}
     */
    public record RecordUse(String operation) implements Request<Current>, OfUpstream {}
}
