package dev.fairlead.gateway.edge.access;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Lets the user who runs the gateway in without a credential, in mode {@code auto}, and tells everybody else who was
 * seen and what to do. May be used from any thread.
 */
public final class LocalOperator {
    private static final String CREDENTIAL = "send 'Authorization: Bearer <token>', from POST /api/login";
    private static final Set<String> OWN_SITES = Set.of("none", "same-origin");

    private final boolean tokenRequired;
    private final Optional<LocalTrust> trust;
    private final String password;

    /**
     * The rule of these settings.
     *
     * @param trust empty where this system does not tell whose a connection is
     * @param passwordFile where the admin password is kept; empty where the settings give it
     */
    LocalOperator(Settings settings, Optional<LocalTrust> trust, Optional<Path> passwordFile) {
        this.tokenRequired = settings.tokenRequired();
        this.trust = trust;
        this.password = passwordFile.map(file -> "the password in " + file).orElse("the admin password");
    }

    /** Whether this system tells whose a connection on it is. Reads files: for workers. */
    public static boolean isPossible() {
        return PeerOwners.ofThisMachine().isPresent();
    }

    /** That of a node on this machine. Reads files: for workers. */
    public static LocalOperator on(Vertx vertx, Settings settings, String node, Optional<Path> passwordFile) {
        Optional<LocalTrust> trust =
                PeerOwners.ofThisMachine().map(owners -> new LocalTrust(vertx, Bus.on(vertx), node, owners));
        return new LocalOperator(settings, trust, passwordFile);
    }

    /**
     * The operator, where the request is theirs.
     *
     * @param ownOrigin whether it names no page, or one of this gateway's own
     * @return fails with {@code unauthorized}
     */
    Future<Principal> admit(HttpServerRequest request, boolean ownOrigin) {
        Optional<String> obstacle = obstacle(request, ownOrigin);
        if (obstacle.isPresent()) {
            return refused(obstacle.get() + ": " + CREDENTIAL);
        }
        // Who has gone since left its place to anybody.
        return trust.orElseThrow()
                .ownerOf(request)
                .compose(owner -> owner instanceof PeerOwner.Operator
                                && !request.response().closed()
                        ? Future.succeededFuture(new Principal.Operator("loopback", Optional.empty()))
                        : refused(told(owner)));
    }

    /** What keeps this request from being trusted, whoever it is from. */
    private Optional<String> obstacle(HttpServerRequest request, boolean ownOrigin) {
        if (tokenRequired) {
            return Optional.of("A token is needed");
        }
        if (!Gatekeeper.isLoopback(Gatekeeper.peerOf(request))) {
            return Optional.of("A token is needed from other machines");
        }
        Optional<String> proxy = ProxyHeaders.first(request.headers());
        if (proxy.isPresent()) {
            return Optional.of("A token is needed behind a proxy (the request has the header '" + proxy.get() + "')");
        }
        String site = request.getHeader("Sec-Fetch-Site");
        if (!ownOrigin || (site != null && !OWN_SITES.contains(site))) {
            return Optional.of("A token is needed from pages of another origin");
        }
        return trust.isPresent()
                ? Optional.empty()
                : Optional.of(
                        "A token is needed, since this system does not tell whose a connection is (`fairlead open`"
                                + " makes a link with one)");
    }

    private String told(PeerOwner owner) {
        if (owner instanceof PeerOwner.InstanceProcess process) {
            return process.instance()
                            .map(name -> "A process of instance '" + name + "'")
                            .orElse("A process that an instance left behind")
                    + " is not the operator: use FAIRLEAD_TOKEN";
        }
        String own = trust.orElseThrow().ownAccount();
        String seen = "It is not seen who you are; this gateway runs as " + own;
        if (owner instanceof PeerOwner.OtherAccount other) {
            seen = "You are " + other.account() + "; this gateway runs as " + own;
        } else if (owner instanceof PeerOwner.Unseen) {
            seen = "You are " + own + " like this gateway, but it is not seen which process you are";
        }
        return seen + ". Use `fairlead open` as that user, " + password + ", or a token";
    }

    private static Future<Principal> refused(String message) {
        return Future.failedFuture(new FairleadException(ErrorCode.UNAUTHORIZED, message));
    }
}
