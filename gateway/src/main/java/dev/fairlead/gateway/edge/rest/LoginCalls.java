package dev.fairlead.gateway.edge.rest;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.ALWAYS;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.fairlead.gateway.auth.LoginKeys;
import dev.fairlead.gateway.auth.TokenIssuer;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.edge.access.Access;
import dev.fairlead.gateway.edge.access.Gatekeeper;
import dev.fairlead.gateway.edge.access.Principal;
import dev.fairlead.gateway.edge.access.SessionCookie;
import dev.fairlead.gateway.logins.LoginCommands;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * {@code POST /api/login}: the admin password, or the key of a link, for an operator token and a browser's session;
 * {@code POST /api/logout}, {@code GET /api/session} and {@code /api/logins} are about the latter.
 */
public final class LoginCalls {
    private record Login(Optional<String> password, Optional<String> key) {
        @Override
        public String toString() {
            return "Login[********]";
        }
    }

    /** Without the token for the dashboard, which has the session and no use for it. */
    private record Granted(Optional<String> token, Instant expiresAt, String sessionKey) {
        @Override
        public String toString() {
            return "Granted[" + expiresAt + "]";
        }
    }

    private record Session(
            String proof, @JsonInclude(ALWAYS) Optional<Instant> expiresAt, Optional<ShellShown> shell) {
        static final Session NONE = new Session("none", Optional.empty(), Optional.empty());
    }

    private record MadeKey(String key, Instant expiresAt) {
        @Override
        public String toString() {
            return "MadeKey[" + expiresAt + "]";
        }
    }

    private record ShellShown(List<String> program, String url, Optional<String> dataDir) {}

    private record Logins(List<LoginShown> logins) {}

    private record LoginShown(
            String id,
            String address,
            String client,
            Instant createdAt,
            Instant lastUsedAt,
            Instant expiresAt,
            boolean current) {}

    private final Bus bus;
    private final Gatekeeper gatekeeper;
    private final TokenIssuer issuer;
    private final TimeSource time;
    private final Shell shell;
    private final LoginAudit audit;

    /**
     * How a shell of this machine calls this gateway: for the operator's eyes alone.
     *
     * @param program the words that precede a command
     * @param dataDir what {@code FAIRLEAD_DATA_DIR} has to be, where it has to be set
     * @param url where the gateway listens, known once it does
     */
    public record Shell(List<String> program, Optional<String> dataDir, Supplier<String> url) {
        private ShellShown shown() {
            return new ShellShown(program, url.get(), dataDir);
        }
    }

    /** Hears of every try, and of every end. */
    @FunctionalInterface
    public interface LoginAudit {
        void recorded(String action, String address, boolean succeeded);
    }

    public LoginCalls(
            Bus bus, Gatekeeper gatekeeper, TokenIssuer issuer, TimeSource time, Shell shell, LoginAudit audit) {
        this.bus = bus;
        this.gatekeeper = gatekeeper;
        this.issuer = issuer;
        this.time = time;
        this.shell = shell;
        this.audit = audit;
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.post("/api/login", Access.PUBLIC, this::login),
                Endpoint.post("/api/admin/login-keys", Access.ADMIN, this::makeKey),
                Endpoint.post("/api/logout", Access.OPERATOR, this::logout),
                Endpoint.get("/api/session", Access.PUBLIC, this::session),
                Endpoint.get("/api/logins", Access.OPERATOR, this::list),
                Endpoint.delete("/api/logins", Access.OPERATOR, this::endOthers),
                Endpoint.delete("/api/logins/:id", Access.OPERATOR, this::end));
    }

    private Future<Answer> login(Call call) {
        return Future.succeededFuture(call.body(Login.class))
                .compose(login -> check(call, login))
                .onComplete(done -> audit.recorded("login", call.address(), done.succeeded()))
                .compose(ignored -> bus.request(new LoginCommands.Begin(
                        call.address(),
                        Optional.ofNullable(call.request().getHeader("User-Agent"))
                                .orElse(""))))
                .compose(begun -> gatekeeper.operatorToken(issuer).map(token -> granted(call, begun, token.text())));
    }

    private Future<Void> check(Call call, Login login) {
        gatekeeper.transport().requireSafe(call.request());
        if (login.password().isPresent() == login.key().isPresent()) {
            throw new FairleadException(ErrorCode.BAD_REQUEST, "Log in with 'password', or with the 'key' of a link");
        }
        return login.key()
                .map(key -> gatekeeper.checkProof(call.request(), () -> bus.request(new LoginCommands.UseKey(key))
                        .mapEmpty()))
                .orElseGet(() -> gatekeeper.checkPassword(
                        call.request(), login.password().orElseThrow()));
    }

    private Future<Answer> makeKey(Call call) {
        return bus.request(new LoginCommands.MakeKey(
                        LoginKeys.LIFE, call.principal().actor(), call.address()))
                .map(made -> Answer.json(201, new MadeKey(made.key(), made.expiresAt())));
    }

    private Answer granted(Call call, LoginCommands.Begun begun, String token) {
        Optional<String> shown = SessionCookie.isFromDashboard(call.request()) ? Optional.empty() : Optional.of(token);
        Duration life = Duration.between(time.instant(), begun.expiresAt());
        Answer answer = Answer.ok(new Granted(shown, begun.expiresAt(), begun.key()))
                .withCookie(gatekeeper.sessions().begin(call.request(), begun.handle(), life));
        return gatekeeper.deviceMark(call.request()).map(answer::withCookie).orElse(answer);
    }

    private Future<Answer> logout(Call call) {
        audit.recorded("logout", call.address(), true);
        Answer gone = Answer.nothing().withCookie(gatekeeper.sessions().end(call.request()));
        return loginOf(call)
                .map(id -> bus.request(
                                new LoginCommands.End(id, call.principal().actor(), call.address()))
                        .map(gone))
                .orElseGet(() -> Future.succeededFuture(gone));
    }

    private Future<Answer> list(Call call) {
        Optional<String> current = loginOf(call);
        return bus.request(new LoginCommands.ListLogins())
                .map(found -> Answer.ok(new Logins(found.sessions().stream()
                        .map(login -> new LoginShown(
                                login.id(),
                                login.address(),
                                login.client(),
                                login.createdAt(),
                                login.lastUsedAt(),
                                login.expiresAt(),
                                current.equals(Optional.of(login.id()))))
                        .toList())));
    }

    private Future<Answer> end(Call call) {
        return bus.request(
                        new LoginCommands.End(call.path("id"), call.principal().actor(), call.address()))
                .map(ended -> Answer.nothing());
    }

    private Future<Answer> endOthers(Call call) {
        if (!call.query("others").equals(Optional.of("true"))) {
            throw new FairleadException(
                    ErrorCode.BAD_REQUEST,
                    "Say ?others=true to end all sessions but the one that asks, or name one: DELETE /api/logins/:id");
        }
        return bus.request(new LoginCommands.EndOthers(
                        loginOf(call), call.principal().actor(), call.address()))
                .map(ended -> Answer.nothing());
    }

    private static Optional<String> loginOf(Call call) {
        return call.principal() instanceof Principal.Operator operator ? operator.login() : Optional.empty();
    }

    /** Answers where there is none as well: whoever asks wants to know whether to log in. No password is looked at. */
    private Future<Answer> session(Call call) {
        return gatekeeper
                .recognise(call.request())
                .map(principal -> principal instanceof Principal.Operator operator
                        ? new Session(operator.proof(), operator.sessionEnds(), Optional.of(shell.shown()))
                        : Session.NONE)
                .map(Answer::ok);
    }
}
