package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.fairlead.gateway.auth.GatewayIdentity;
import dev.fairlead.gateway.settings.Secret;
import java.util.Optional;

/**
 * What a command shows to prove who asks. Before anything is shown, what listens on this machine proves to be the
 * gateway whose data folder this is, and a password is not sent with each call: it is changed for a token once.
 */
final class GatewayLogin {
    private static final int OK = 200;

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
        throw http.refused(answer, true);
    }

    static boolean isToken(Secret credential) {
        return credential.reveal().startsWith("eyJ")
                && credential.reveal().chars().filter(c -> c == '.').count() == 2;
    }
}
