package dev.fairlead.gateway.cluster;

import dev.fairlead.gateway.time.StateMachine;
import java.time.Duration;
import java.util.Optional;

/** What a node must have in common with its fleet, or it is not let in: each refusal says what, and what mends it. */
@StateMachine
public final class AdmissionRules {
    /**
     * Between a node's wall clock and the database's: times that are shown, and tokens, would contradict each other.
     */
    public static final Duration MOST_SKEW = Duration.ofSeconds(5);

    /** How the node's signing key goes with the fleet's. */
    public enum Key {
        /** The same, or the node was given none and found the fleet's. */
        SAME,
        /** The node's password does not open what the fleet's key is sealed with. */
        ANOTHER_PASSWORD,
        /** The node was given a key of its own. */
        ANOTHER_KEY,
        /** The fleet has none yet, and the node's is not the one that signed what is in the database. */
        NOT_THE_FIRST
    }

    /**
     * What is known of a node that wants in.
     *
     * @param skew of its wall clock against the database's; ahead is positive
     * @param newerSchema a migration of the database that its version does not know
     */
    public record Candidate(boolean passwordGiven, Key key, Duration skew, Optional<String> newerSchema) {
        /** The same, once its key has been looked at. */
        public Candidate with(Key looked) {
            return new Candidate(passwordGiven, looked, skew, newerSchema);
        }
    }

    private AdmissionRules() {}

    /** Why it is not let in; empty where it is. */
    public static Optional<String> refusal(Candidate node) {
        if (!node.passwordGiven()) {
            return Optional.of("no admin password is set, which all nodes have in common: set FAIRLEAD_ADMIN_PASSWORD"
                    + " or auth.admin_password_file");
        }
        if (node.newerSchema().isPresent()) {
            return Optional.of("the database was brought to a newer form by a newer version (migration "
                    + node.newerSchema().get() + "): start this node with that version");
        }
        if (node.skew().abs().compareTo(MOST_SKEW) > 0) {
            return Optional.of("its clock is " + node.skew().abs().toMillis() + " ms "
                    + (node.skew().isNegative() ? "behind" : "ahead of") + " the database's, and "
                    + MOST_SKEW.toSeconds() + " s are the most: set the clock (NTP)");
        }
        return switch (node.key()) {
            case SAME -> Optional.empty();
            case ANOTHER_PASSWORD ->
                Optional.of("its admin password is not the fleet's: give it the password that the other nodes have");
            case ANOTHER_KEY ->
                Optional.of("its signing key is not the fleet's: give it that of the other nodes, or none"
                        + " (auth.signing_key, auth.signing_key_file), and it finds it in the database");
            case NOT_THE_FIRST ->
                Optional.of("the database has agents of another node, whose tokens are signed with a key that the fleet"
                        + " has not got yet: start that node first, or give this one its key"
                        + " (auth.signing_key_file=DATA_DIR/signing-key, of that node's data_dir)");
        };
    }
}
