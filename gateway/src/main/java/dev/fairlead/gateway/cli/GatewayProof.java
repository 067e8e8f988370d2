package dev.fairlead.gateway.cli;

import dev.fairlead.gateway.auth.GatewayIdentity;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Set;

/**
 * Makes sure, before anything is shown to whoever listens on this machine, that it is the gateway of a data folder.
 * Elsewhere TLS has to prove that: the key of this machine says nothing about a gateway that is not on it.
 */
final class GatewayProof {
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");
    private static final int HTTP_PORT = 80;

    private final URI url;
    private final Optional<Path> folder;

    /**
     * Of who listens at an address.
     *
     * @param url {@code http://…} or {@code https://…}, without a trailing slash
     * @param folder the data folder of a gateway on this machine, if one can be named; it need not be there
     */
    GatewayProof(URI url, Optional<Path> folder) {
        this.url = url;
        this.folder = folder;
    }

    /** Whether the gateway is named by an address of this machine alone. */
    static boolean isLocal(URI url) {
        return LOOPBACK.contains(url.getHost());
    }

    /** The identity of the gateway whose data folder is at hand; empty where there is none to be read. */
    Optional<GatewayIdentity> identity() {
        return folder.map(root -> root.resolve(GatewayIdentity.FILE))
                .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.isReadable(file))
                .map(GatewayProof::read);
    }

    private static GatewayIdentity read(Path file) {
        try {
            return GatewayIdentity.parse(GatewayOptions.read(file).reveal());
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitStatus.FAILED, file + " holds no identity key");
        }
    }

    /**
     * Has whoever listens there prove that it is the gateway of the data folder, where one is at hand.
     *
     * @throws CommandFailure where it is another, or not known to be
     */
    void requireWhereKnown() {
        if (isAsked()) {
            identity().ifPresent(this::require);
        }
    }

    /** As {@link #requireWhereKnown}, with the identity that is at hand. */
    void require(GatewayIdentity identity) {
        if (!isAsked()) {
            return;
        }
        String nonce = GatewayIdentity.newNonce();
        GatewayHttp.Answer answer =
                new GatewayHttp(url).send("GET", "/api/health?challenge=" + nonce, Optional.empty(), Optional.empty());
        String expected = identity.proof(nonce, dialled(), url.getPort() < 0 ? HTTP_PORT : url.getPort());
        String proof = answer.json().path("proof").asText();
        if (!MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.US_ASCII), proof.getBytes(StandardCharsets.US_ASCII))) {
            throw refused("it is not the gateway of " + folder.orElseThrow());
        }
    }

    private boolean isAsked() {
        return url.getScheme().equals("http") && isLocal(url);
    }

    /** What is told where there is no proof. */
    CommandFailure refused(String why) {
        return new CommandFailure(
                ExitStatus.UNAUTHORIZED,
                "What listens at " + url + " did not prove to be your gateway: " + why
                        + ". Nothing was sent to it. If the gateway has another data folder, name that with --data-dir"
                        + " or FAIRLEAD_DATA_DIR.");
    }

    private InetAddress dialled() {
        try {
            return InetAddress.getByName(url.getHost());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("A loopback address is none: " + url, e);
        }
    }
}
