package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.fairlead.gateway.auth.GatewayIdentity;
import dev.fairlead.gateway.settings.Secret;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * What a command shows to prove who asks. Before anything is shown, what listens on this machine proves to be the
 * gateway whose data folder this is, and a password is not sent with each call: it is changed for a token once.
 */
final class GatewayLogin {
    private static final int OK = 200;

    private final GatewayOptions options;
    private final GatewayHttp http;
    private boolean proven;

    GatewayLogin(GatewayOptions options) {
        this.options = options;
        this.http = new GatewayHttp(options.url());
    }

    /** A token for what the user gave; empty where nothing was given. */
    Optional<Secret> given() {
        return options.given().map(secret -> {
            options.identity().ifPresent(this::prove);
            return token(secret);
        });
    }

    /** A token for the password that the gateway keeps in its data folder; empty where there is none at hand. */
    Optional<Secret> kept() {
        return options.keptPassword().map(password -> {
            prove(options.identity()
                    .orElseThrow(() -> refused("there is no " + GatewayIdentity.FILE + " in " + options.dataFolder()
                            + ", which a gateway of this version makes at its start")));
            return token(password);
        });
    }

    /**
     * Makes sure that the gateway of the data folder is who listens there.
     *
     * @throws CommandFailure where it is another, or not known to be
     */
    void prove(GatewayIdentity identity) {
        URI url = options.url();
        if (proven || url.getScheme().equals("https") || !options.local()) {
            // TLS has proved it, or the key of this machine says nothing about a gateway elsewhere.
            return;
        }
        String nonce = GatewayIdentity.newNonce();
        GatewayHttp.Answer answer =
                http.send("GET", "/api/health?challenge=" + nonce, Optional.empty(), Optional.empty());
        String expected = identity.proof(nonce, dialled(url), url.getPort() < 0 ? 80 : url.getPort());
        String proof = answer.json().path("proof").asText();
        if (!MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.US_ASCII), proof.getBytes(StandardCharsets.US_ASCII))) {
            throw refused("it is not the gateway of " + options.dataFolder());
        }
        proven = true;
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

    private CommandFailure refused(String why) {
        return new CommandFailure(
                ExitStatus.UNAUTHORIZED,
                "What listens at " + options.url() + " did not prove to be your gateway: " + why
                        + ". Nothing was sent to it. If the gateway has another data folder, name that with --data-dir"
                        + " or FAIRLEAD_DATA_DIR.");
    }

    private static InetAddress dialled(URI url) {
        try {
            return InetAddress.getByName(url.getHost());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("A loopback address is none: " + url, e);
        }
    }

    static boolean isToken(Secret credential) {
        return credential.reveal().startsWith("eyJ")
                && credential.reveal().chars().filter(c -> c == '.').count() == 2;
    }
}
