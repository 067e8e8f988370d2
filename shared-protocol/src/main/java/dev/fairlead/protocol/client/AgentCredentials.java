package dev.fairlead.protocol.client;

import java.util.Optional;

/**
 * Which token an agent shows: the permanent one where it has one, else the ephemeral one while it is good for a try.
 */
final class AgentCredentials {
    private Optional<String> permanent = Optional.empty();
    private Optional<String> ephemeral;

    AgentCredentials(Optional<String> ephemeral) {
        this.ephemeral = ephemeral;
    }

    Optional<String> current() {
        return permanent.or(() -> ephemeral);
    }

    /** A permanent token was kept from an earlier run. */
    void kept(String token) {
        permanent = Optional.of(token);
    }

    /** The gateway gave a permanent token for the ephemeral one, which is spent by that. */
    void received(String token) {
        permanent = Optional.of(token);
        ephemeral = Optional.empty();
    }

    /** The token shown last was refused: forgets it and answers whether there is another one to try. */
    boolean refused() {
        if (permanent.isPresent()) {
            permanent = Optional.empty();
            return ephemeral.isPresent();
        }
        ephemeral = Optional.empty();
        return false;
    }

    @Override
    public String toString() {
        return "AgentCredentials[permanent=" + permanent.isPresent() + ", ephemeral=" + ephemeral.isPresent() + "]";
    }
}
