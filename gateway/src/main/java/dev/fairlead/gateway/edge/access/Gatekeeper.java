package dev.fairlead.gateway.edge.access;

import dev.fairlead.gateway.agents.AgentCommands;
import dev.fairlead.gateway.auth.AdminPassword;
import dev.fairlead.gateway.auth.DeviceMarks;
import dev.fairlead.gateway.auth.IssuedToken;
import dev.fairlead.gateway.auth.LoginLimiter;
import dev.fairlead.gateway.auth.TokenIssuer;
import dev.fairlead.gateway.auth.TokenKind;
import dev.fairlead.gateway.auth.TokenVerifier;
import dev.fairlead.gateway.auth.VerifiedToken;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.keys.KeyCommands;
import dev.fairlead.gateway.logins.LoginCommands;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Lets requests in: {@code Host} and {@code Origin}, then who they are from and whether that is enough. The same for
 * REST and for upgrades, before either goes on.
 */
public final class Gatekeeper {
    private final HostPolicy hosts;
    private final ClientAddress clients;
    private final Transport transport;
    private final LocalOperator local;
    private final TokenVerifier verifier;
    private final AdminPassword password;
    private final LoginLimiter limiter;
    private final SessionCookie sessions;
    private final DeviceMarks devices;
    private final Bus bus;
    private volatile Optional<String> passwordVersion = Optional.empty();

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
            DeviceMarks devices,
            Bus bus) {
        this.transport = new Transport(settings.http());
        this.hosts = new HostPolicy(settings.http(), settings.auth(), transport);
        this.local = local;
        this.clients = new ClientAddress(settings.http().proxies());
        this.verifier = verifier;
        this.password = password;
        this.limiter = limiter;
        this.sessions = new SessionCookie(settings.http());
        this.devices = devices;
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
            return sessionOf(request, access).compose(operator -> operator.map(Future::succeededFuture)
                    .orElseGet(() -> withoutToken(request, access)));
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

    /** How requests come here. */
    public Transport transport() {
        return transport;
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

    /** The client's own address without its port, whatever trusted proxies are in between. */
    public String addressOf(HttpServerRequest request) {
        return clients.of(peerOf(request), request.headers().getAll("X-Forwarded-For"));
    }

    /** The address at the other end of the connection, without its port. */
    static String peerOf(HttpServerRequest request) {
        // Not the request's own: the router has its forwarding headers looked at for that.
        SocketAddress peer = request.connection().remoteAddress();
        return peer == null ? "" : peer.hostAddress();
    }

    /** Whether an address in digits is of the loopback range. */
    public static boolean isLoopback(String address) {
        return address.startsWith("127.")
                || address.equals("::1")
                || address.equals("0:0:0:0:0:0:0:1")
                || address.startsWith("::ffff:127.");
    }

    /** An operator's token, good for as long as the password is the one that holds now. */
    public Future<IssuedToken> operatorToken(TokenIssuer issuer) {
        return passwordVersion().map(issuer::operator);
    }

    /** A header that makes who was let in known again, where that is not so yet. */
    public Optional<String> deviceMark(HttpServerRequest request) {
        return device(request).isPresent() ? Optional.empty() : Optional.of(sessions.device(request, devices.make()));
    }

    /**
     * Checks the admin password, as one of the few tries that an address has, or a browser or command line that was let
     * in before.
     *
     * @return fails with {@code unauthorized} or {@code too_many_requests}; {@code forbidden} where a page of another
     *     site makes the browser ask, which is no try
     */
    public Future<Void> checkPassword(HttpServerRequest request, String candidate) {
        if (isOfAnotherSite(request)) {
            return ofAnotherSite();
        }
        LoginLimiter.Source source = source(request);
        return password.matches(candidate, check -> limited(source, check))
                .compose(right -> right
                        ? Future.succeededFuture()
                        : Future.failedFuture(
                                new FairleadException(ErrorCode.UNAUTHORIZED, "The admin password is not right")));
    }

    /**
     * As {@link #checkPassword}, for another proof.
     *
     * @param check of the proof; a failed one counts as one of the few tries
     */
    public Future<Void> checkProof(HttpServerRequest request, Supplier<Future<Void>> check) {
        if (isOfAnotherSite(request)) {
            return ofAnotherSite();
        }
        LoginLimiter.Source source = source(request);
        requireTry(source);
        return check.get().onSuccess(right -> limiter.giveBack(source));
    }

    private static boolean isOfAnotherSite(HttpServerRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        return "cross-site".equals(site) || "same-site".equals(site);
    }

    private static Future<Void> ofAnotherSite() {
        return Future.failedFuture(
                new FairleadException(ErrorCode.FORBIDDEN, "Pages of another site may not log in here"));
    }

    private LoginLimiter.Source source(HttpServerRequest request) {
        return device(request)
                .map(LoginLimiter.Source::device)
                .orElseGet(() -> LoginLimiter.Source.address(addressOf(request)));
    }

    private Optional<String> device(HttpServerRequest request) {
        return sessions.deviceOf(request).flatMap(devices::deviceOf);
    }

    private boolean limited(LoginLimiter.Source source, BooleanSupplier check) {
        requireTry(source);
        boolean right = check.getAsBoolean();
        if (right) {
            limiter.giveBack(source);
        }
        return right;
    }

    private void requireTry(LoginLimiter.Source source) {
        Optional<Duration> wait = limiter.take(source);
        if (wait.isPresent()) {
            throw new FairleadException(
                    ErrorCode.TOO_MANY_REQUESTS,
                    "Too many wrong passwords; try again in "
                            + Math.max(1, wait.get().toSeconds()) + " s",
                    wait.get());
        }
    }

    private Future<Principal> withoutToken(HttpServerRequest request, Access access) {
        return switch (access) {
            case PUBLIC, AGENT -> Future.succeededFuture(Principal.ANYONE);
            case OPERATOR, AGENT_OR_OPERATOR, METRICS, MCP, OPENAI -> local.admit(request, hosts.isOwnPage(request));
            case ADMIN ->
                unauthorized("The admin password or an operator token is needed: send 'Authorization: Bearer …'");
        };
    }

    /** Cookies are sent without anybody's doing: a session that is good for nothing any more counts as none. */
    private Future<Optional<Principal>> sessionOf(HttpServerRequest request, Access access) {
        Optional<SessionCookie.Halves> halves = access == Access.AGENT ? Optional.empty() : sessions.of(request);
        if (halves.isEmpty()) {
            return Future.succeededFuture(Optional.empty());
        }
        return bus.request(new LoginCommands.Recognise(
                        halves.get().handle(), halves.get().key(), addressOf(request)))
                .map(login -> Optional.<Principal>of(
                        new Principal.Operator("session", Optional.of(login.expiresAt()), Optional.of(login.id()))))
                .recover(refusal -> Bus.refusal(refusal).code() == ErrorCode.UNAUTHORIZED
                        ? Future.succeededFuture(Optional.empty())
                        : Future.failedFuture(refusal));
    }

    /** The version of the admin password that tokens must stand on: the same for as long as this process lives. */
    private Future<String> passwordVersion() {
        return passwordVersion.map(Future::succeededFuture).orElseGet(() -> bus.request(
                        new LoginCommands.CurrentPassword())
                .map(LoginCommands.PasswordVersion::version)
                .onSuccess(known -> passwordVersion = Optional.of(known)));
    }

    private Future<Principal> withOperatorToken(VerifiedToken token) {
        return passwordVersion()
                .compose(version -> token.standsOn(version)
                        ? Future.succeededFuture(new Principal.Operator("token", token.expiresAt()))
                        : unauthorized("The token is refused: the admin password has changed since; log in again"));
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
                    : withOperatorToken(verified);
        }
        if (verified.kind().isFace()) {
            return withFaceKey(verified, access);
        }
        Optional<String> nonce = Optional.ofNullable(request.getParam("nonce")).filter(text -> !text.isEmpty());
        return bus.request(new AgentCommands.Authenticate(token, nonce)).compose(identity -> {
            if (access != Access.AGENT && access != Access.AGENT_OR_OPERATOR) {
                return forbidden("This is for the operator; agents may not use it");
            }
            return Future.succeededFuture(new Principal.Agent(identity.name(), identity.kind(), token));
        });
    }

    /** What is refused is said of keys that hold alone: one that was revoked is good nowhere. */
    private Future<Principal> withFaceKey(VerifiedToken key, Access access) {
        return bus.request(new KeyCommands.Use(key.jti()))
                .compose(known -> access.key().filter(known.kind()::equals).isPresent()
                        ? Future.succeededFuture(
                                new Principal.FaceKey(known.id(), known.name(), known.kind(), known.scopes()))
                        : forbidden("A key for '" + known.kind().audience() + "' is good there and nowhere else"));
    }

    private Future<Principal> withPassword(
            HttpServerRequest request, String candidate, Access access, boolean passwords) {
        if (!passwords || access == Access.AGENT) {
            return unauthorized("The token is not one of this gateway");
        }
        return checkPassword(request, candidate)
                .<Principal>map(ignored -> new Principal.Operator("password", Optional.empty()))
                .recover(refusal -> Bus.refusal(refusal).code() == ErrorCode.UNAUTHORIZED
                        ? unauthorized("What was sent is neither a token of this gateway nor the admin password")
                        : Future.failedFuture(refusal));
    }

    /** A password may hold dots, but not in the shape of three parts that begin like a JSON object. */
    private static boolean looksLikeJwt(String token) {
        int first = token.indexOf('.');
        int second = token.indexOf('.', first + 1);
        return token.startsWith("eyJ") && second > first && first > 0 && token.indexOf('.', second + 1) < 0;
    }

    private static Future<Principal> unauthorized(String message) {
        return Future.failedFuture(new FairleadException(ErrorCode.UNAUTHORIZED, message));
    }

    private static Future<Principal> forbidden(String message) {
        return Future.failedFuture(new FairleadException(ErrorCode.FORBIDDEN, message));
    }
}
