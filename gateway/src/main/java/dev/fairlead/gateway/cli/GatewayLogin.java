package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.fairlead.gateway.auth.GatewayIdentity;
import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.protocol.ErrorCode;
import java.util.Optional;

/**
 * What a command shows to prove who asks. Before anything is shown, what listens on this machine proves to be the
 * gateway whose data folder this is, and a password is not sent with each call: it is changed for a token once.
 */
final class GatewayLogin {
    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int TOO_MANY_REQUESTS = 429;

    private final GatewayOptions options;
    private final GatewayHttp http;
    private final GatewayProof proof;
    private boolean proven;

    GatewayLogin(GatewayOptions options) {
        this.options = options;
        this.http = new GatewayHttp(options.url());
        this.proof = options.proof();
    }

    /** A token for what the user gave; empty where nothing was given. */
    Optional<Secret> given() {
        return options.given().map(secret -> {
            proof.identity().ifPresent(this::prove);
            return token(secret);
        });
    }

    /** A token for the password that the gateway keeps in its data folder; empty where there is none at hand. */
    Optional<Secret> kept() {
        return options.keptPassword().map(password -> {
            prove(proof.identity()
                    .orElseThrow(() -> proof.refused("there is no " + GatewayIdentity.FILE + " in "
                            + options.dataFolder() + ", which a gateway of this version makes at its start")));
            return token(password);
        });
    }

    /**
     * Makes sure that the gateway of the data folder is who listens there.
     *
     * @throws CommandFailure where it is another, or not known to be
     */
    void prove(GatewayIdentity identity) {
        if (!proven) {
            proof.require(identity);
            proven = true;
        }
    }

    private Secret token(Secret secret) {
        if (isToken(secret)) {
            return secret;
        }
        GatewayHttp.Answer answer =
                http.login(JsonNodeFactory.instance.objectNode().put("password", secret.reveal()), options.device());
        JsonNode body = answer.json();
        if (answer.status() == OK && body.hasNonNull("token")) {
            answer.device().ifPresent(options::keepDevice);
            return Secret.of(body.get("token").asText());
        }
        if (answer.status() == UNAUTHORIZED) {
            throw new CommandFailure(
                    ExitStatus.UNAUTHORIZED,
                    "What was given is neither a token nor the admin password of the gateway at " + options.url()
                            + " (it is from " + options.source() + ")");
        }
        if (answer.status() == TOO_MANY_REQUESTS) { // of wrong passwords: what was given was not even looked at
            throw unauthorized(answer, true);
        }
        throw refused(answer, true);
    }

    /** The failure that a refusal is, in the words of the options it is about. */
    CommandFailure refused(GatewayHttp.Answer answer, boolean credentialSent) {
        if (answer.status() == UNAUTHORIZED || answer.status() == FORBIDDEN) {
            return unauthorized(answer, credentialSent);
        }
        JsonNode error = answer.json().path("error");
        return new CommandFailure(
                ExitStatus.FAILED,
                options.inWordsOfOptions(message(answer)),
                !error.path("code").asText().equals(ErrorCode.OUTCOME_UNKNOWN.wire()));
    }

    private CommandFailure unauthorized(GatewayHttp.Answer answer, boolean credentialSent) {
        String mend = credentialSent
                ? "what was given is from " + options.source()
                : "set FAIRLEAD_ADMIN_PASSWORD, or give --password-file or --token-file";
        return new CommandFailure(ExitStatus.UNAUTHORIZED, message(answer) + " (" + mend + ")");
    }

    private static String message(GatewayHttp.Answer answer) {
        return answer.json().path("error").path("message").asText("status " + answer.status());
    }

    static boolean isToken(Secret credential) {
        return credential.reveal().startsWith("eyJ")
                && credential.reveal().chars().filter(c -> c == '.').count() == 2;
    }
}
