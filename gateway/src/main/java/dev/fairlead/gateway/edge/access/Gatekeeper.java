package dev.fairlead.gateway.edge.access;

import dev.fairlead.gateway.agents.AgentCommands;
import dev.fairlead.gateway.auth.AdminPassword;
import dev.fairlead.gateway.auth.LoginLimiter;
import dev.fairlead.gateway.auth.TokenKind;
import dev.fairlead.gateway.auth.TokenVerifier;
import dev.fairlead.gateway.auth.VerifiedToken;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Lets requests in: {@code Host} and {@code Origin}, then who they are from and whether that is enough. The same for
 * REST and for upgrades, before either goes on.
 */
public final class Gatekeeper {
    private final HostPolicy hosts;
    private final LocalOperator local;
    private final TokenVerifier verifier;
    private final AdminPassword password;
    private final LoginLimiter limiter;
    private final SessionCookie sessions;
    private final Bus bus;

    /**
     * The rules of these settings.
     *
     * @param local who needs no credential
     */
    public Gatekeeper(
            Settings settings,
            LocalOperator local,
            TokenVerifier verifier,
            AdminPassword password,
            LoginLimiter limiter,
            Bus bus) {
        this.hosts = new HostPolicy(settings.http(), settings.auth());
        this.local = local;
        this.verifier = verifier;
        this.password = password;
        this.limiter = limiter;
        this.sessions = new SessionCookie(settings.http());
        this.bus = bus;
    }

    /**
     * Refuses what another site's page could have sent.
     *
     * @throws FairleadException {@code forbidden}, naming the setting that would allow it
     */
    public void checkOrigin(HttpServerRequest request) {
        hosts.check(request);
    }

    /**
     * Who the request is from.
     *
     * @return fails with {@code unauthorized}, {@code forbidden}, or {@code too_many_requests} after wrong passwords
     */
    public Future<Principal> admit(HttpServerRequest request, Access access) {
        if (access == Access.PUBLIC) {
            return Future.succeededFuture(Principal.ANYONE);
        }
        Optional<Credentials.Credential> found = Credentials.of(request);
        Optional<String> token = found.map(Credentials.Credential::text);
        if (token.isEmpty()) {
            return sessionOf(request, access)
                    .map(operator -> withSession(request, operator))
                    .orElseGet(() -> withoutToken(request, access));
        }
        // What a link or an image of any page can carry is no password, and so no try at guessing it.
        boolean passwords = !isUpgrade(request) && found.get().source() != Credentials.Source.QUERY;
        return looksLikeJwt(token.get())
                ? withJwt(request, token.get(), access)
                : withPassword(request, token.get(), access, passwords);
    }

    /**
     * As {@link #admit} for the operator, without looking at passwords: to ask who one is must not be a way to guess.
     *
     * @return {@link Principal#ANYONE} where it is nobody's
     */
    public Future<Principal> recognise(HttpServerRequest request) {
        boolean password = Credentials.of(request)
                .filter(credential -> !looksLikeJwt(credential.text()))
                .isPresent();
        return password
                ? Future.succeededFuture(Principal.ANYONE)
                : admit(request, Access.OPERATOR)
                        .recover(refusal -> Bus.refusal(refusal).code().httpStatus() < 500
                                ? Future.succeededFuture(Principal.ANYONE)
                                : Future.failedFuture(refusal));
    }

    /** The dashboard's sessions. */
    public SessionCookie sessions() {
        return sessions;
    }

    /** Whether the request asks to become a WebSocket. */
    public static boolean isUpgrade(HttpServerRequest request) {
        String upgrade = request.getHeader("Upgrade");
        return upgrade != null && upgrade.toLowerCase(Locale.ROOT).contains("websocket");
    }

    /** The peer's address without its port. */
    public static String addressOf(HttpServerRequest request) {
        return request.remoteAddress() == null ? "" : request.remoteAddress().hostAddress();
    }

    /** Whether an address in digits is of the loopback range. */
    public static boolean isLoopback(String address) {
        return address.startsWith("127.")
                || address.equals("::1")
                || address.equals("0:0:0:0:0:0:0:1")
                || address.startsWith("::ffff:127.");
    }

    /**
     * Checks the admin password, as one of the few tries an address has.
     *
     * @return fails with {@code unauthorized} or {@code too_many_requests}
     */
    public Future<Void> checkPassword(String candidate, String address) {
        return password.matches(candidate, check -> limited(address, check))
                .compose(right -> right
                        ? Future.succeededFuture()
                        : Future.failedFuture(
                                new FairleadException(ErrorCode.UNAUTHORIZED, "The admin password is not right")));
    }

    private boolean limited(String address, BooleanSupplier check) {
        Optional<Duration> wait = limiter.take(address);
        if (wait.isPresent()) {
            throw new FairleadException(
                    ErrorCode.TOO_MANY_REQUESTS,
                    "Too many wrong passwords; try again in "
                            + Math.max(1, wait.get().toSeconds()) + " s",
                    wait.get());
        }
        boolean right = check.getAsBoolean();
        if (right) {
            limiter.giveBack(address);
        }
        return right;
    }

    private Future<Principal> withoutToken(HttpServerRequest request, Access access) {
        return switch (access) {
            case PUBLIC, AGENT -> Future.succeededFuture(Principal.ANYONE);
            case OPERATOR, AGENT_OR_OPERATOR -> local.admit(request, hosts.isOwnPage(request));
            case ADMIN ->
                unauthorized("The admin password or an operator token is needed: send 'Authorization: Bearer …'");
        };
    }

    /** A cookie is sent without anybody's doing: one that is good for nothing any more counts as none. */
    private Optional<Principal.Operator> sessionOf(HttpServerRequest request, Access access) {
        if (access == Access.AGENT || access == Access.PUBLIC) {
            return Optional.empty();
        }
        return sessions.tokenOf(request)
                .flatMap(token -> {
                    try {
                        return Optional.of(verifier.verify(token));
                    } catch (FairleadException refusal) {
                        return Optional.empty();
                    }
                })
                .filter(verified -> verified.kind() == TokenKind.OPERATOR)
                .map(verified -> new Principal.Operator("session", verified.expiresAt()));
    }

    private static Future<Principal> withSession(HttpServerRequest request, Principal.Operator operator) {
        boolean writes =
                !request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD);
        return writes && !SessionCookie.isFromDashboard(request)
                ? forbidden("A call that changes something in the dashboard's session needs the header "
                        + SessionCookie.HEADER)
                : Future.succeededFuture(operator);
    }

    private Future<Principal> withJwt(HttpServerRequest request, String token, Access access) {
        VerifiedToken verified;
        try {
            verified = verifier.verify(token);
        } catch (FairleadException refusal) {
            return Future.failedFuture(refusal);
        }
        if (verified.kind() == TokenKind.OPERATOR) {
            return access == Access.AGENT
                    ? forbidden("An operator token is no agent's; get one with: fairlead token create NAME")
                    : Future.succeededFuture(new Principal.Operator("token", verified.expiresAt()));
        }
        Optional<String> nonce = Optional.ofNullable(request.getParam("nonce")).filter(text -> !text.isEmpty());
        return bus.request(new AgentCommands.Authenticate(token, nonce)).compose(identity -> {
            if (access == Access.OPERATOR || access == Access.ADMIN) {
                return forbidden("This is for the operator; agents may not use it");
            }
            return Future.succeededFuture(new Principal.Agent(identity.name(), identity.kind(), token));
        });
    }

    private Future<Principal> withPassword(
            HttpServerRequest request, String candidate, Access access, boolean passwords) {
        if (!passwords || access == Access.AGENT) {
            return unauthorized("The token is not one of this gateway");
        }
        return checkPassword(candidate, addressOf(request))
                .map(ignored -> new Principal.Operator("password", Optional.empty()));
    }

    /** A password may hold dots, but not in the shape of three parts that begin like a JSON object. */
    private static boolean looksLikeJwt(String token) {
        return token.startsWith("eyJ") && token.chars().filter(c -> c == '.').count() == 2;
    }

    private static Future<Principal> unauthorized(String message) {
        return Future.failedFuture(new FairleadException(ErrorCode.UNAUTHORIZED, message));
    }

    private static Future<Principal> forbidden(String message) {
        return Future.failedFuture(new FairleadException(ErrorCode.FORBIDDEN, message));
    }
}
