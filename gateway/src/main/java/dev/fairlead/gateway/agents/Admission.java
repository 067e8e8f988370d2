package dev.fairlead.gateway.agents;

import dev.fairlead.gateway.auth.VerifiedToken;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What a token with a good signature entitles to, given what is kept of it. */
sealed interface Admission {
    /** How long a used registration token is answered again, for an agent whose reply was lost. */
    Duration REPEAT_WINDOW = Duration.ofSeconds(60);

    /** The first use of a registration token: a new permanent token. */
    record FirstUse() implements Admission {}

    /** The same answer again, the permanent token of the first use included. */
    record Repeat(PermanentToken brought) implements Admission {}

    /** The agent is back with its permanent token. */
    record Resume(PermanentToken token) implements Admission {}

    /** Nothing; {@code why} is for the bearer. */
    record Refused(String why) implements Admission {}

    /**
     * Decides on a registration token.
     *
     * @param nonce what its bearer brings along: without that of the first use, a used token is good for nothing
     */
    static Admission ofGrant(
            VerifiedToken token, Optional<String> nonce, Optional<RegistrationGrant> kept, Instant now) {
        if (kept.isEmpty() || !kept.get().agentName().equals(token.subject())) {
            return new Refused("The registration token was withdrawn. " + remedy(token.subject()));
        }
        RegistrationGrant grant = kept.get();
        if (grant.usedAt().isEmpty()) {
            return new FirstUse();
        }
        boolean inTime = !now.isAfter(grant.usedAt().get().plus(REPEAT_WINDOW));
        // An agent that has used the permanent token did get the reply: whoever repeats the registration is another.
        Optional<PermanentToken> lost = grant.brought()
                .filter(brought -> inTime
                        && grant.isOf(nonce)
                        && !brought.proven()
                        && brought.validUntil().isEmpty());
        if (lost.isPresent()) {
            return new Repeat(lost.get());
        }
        return new Refused("The registration token was used already. " + remedy(token.subject()));
    }

    /** Decides on a permanent token. */
    static Admission ofPermanent(VerifiedToken token, String text, Optional<PermanentToken> kept, Instant now) {
        if (kept.isEmpty()
                || !kept.get().agentName().equals(token.subject())
                || !kept.get().isOf(text)) {
            return new Refused("The agent's token was revoked. " + remedy(token.subject()));
        }
        Optional<Instant> end = kept.get().validUntil();
        if (end.isPresent() && !now.isBefore(end.get())) {
            return new Refused("The agent's token was replaced by a newer one. Give the agent that, or: "
                    + remedy(token.subject()));
        }
        return new Resume(kept.get());
    }

    private static String remedy(String name) {
        return "Create a new registration token: fairlead token create " + name;
    }
}
