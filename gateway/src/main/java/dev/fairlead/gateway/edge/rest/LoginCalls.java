package dev.fairlead.gateway.edge.rest;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.ALWAYS;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.fairlead.gateway.auth.IssuedToken;
import dev.fairlead.gateway.auth.TokenIssuer;
import dev.fairlead.gateway.edge.access.Access;
import dev.fairlead.gateway.edge.access.Gatekeeper;
import dev.fairlead.gateway.edge.access.Principal;
import dev.fairlead.gateway.edge.access.SessionCookie;
import dev.fairlead.gateway.time.TimeSource;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * {@code POST /api/login}: the admin password for an operator token, which the dashboard gets as a cookie; {@code POST
 * /api/logout} and {@code GET /api/session} are about the latter.
 */
public final class LoginCalls {
    private record Login(String password) {
        @Override
        public String toString() {
            return "Login[********]";
        }
    }

    /** Without a token where it went into the cookie. */
    private record Granted(Optional<String> token, Optional<Instant> expiresAt) {
        @Override
        public String toString() {
            return "Granted[" + expiresAt + "]";
        }
    }

    private record Session(
            String proof, @JsonInclude(ALWAYS) Optional<Instant> expiresAt) {
        static final Session NONE = new Session("none", Optional.empty());
    }

    private static final String COOKIE = "Set-Cookie";

    private final Gatekeeper gatekeeper;
    private final TokenIssuer issuer;
    private final TimeSource time;
    private final LoginAudit audit;

    /** Hears of every try, and of every end. */
    @FunctionalInterface
    public interface LoginAudit {
        void recorded(String action, String address, boolean succeeded);
    }

    public LoginCalls(Gatekeeper gatekeeper, TokenIssuer issuer, TimeSource time, LoginAudit audit) {
        this.gatekeeper = gatekeeper;
        this.issuer = issuer;
        this.time = time;
        this.audit = audit;
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.post("/api/login", Access.PUBLIC, this::login),
                Endpoint.post("/api/logout", Access.OPERATOR, this::logout),
                Endpoint.get("/api/session", Access.PUBLIC, this::session));
    }

    private Future<Answer> login(Call call) {
        Login login = call.body(Login.class);
        return gatekeeper
                .checkPassword(login.password(), call.address())
                .onComplete(done -> audit.recorded("login", call.address(), done.succeeded()))
                .map(ignored -> granted(call, issuer.operator()));
    }

    private Answer granted(Call call, IssuedToken issued) {
        Optional<Instant> end = issued.claims().expiresAt();
        if (!SessionCookie.isFromDashboard(call.request())) {
            return Answer.ok(new Granted(Optional.of(issued.text()), end));
        }
        Duration life = Duration.between(time.instant(), end.orElseThrow());
        return Answer.ok(new Granted(Optional.empty(), end))
                .with(COOKIE, gatekeeper.sessions().begin(call.request(), issued.text(), life));
    }

    private Future<Answer> logout(Call call) {
        audit.recorded("logout", call.address(), true);
        return Future.succeededFuture(
                Answer.nothing().with(COOKIE, gatekeeper.sessions().end(call.request())));
    }

    /** Answers where there is none as well: whoever asks wants to know whether to log in. No password is looked at. */
    private Future<Answer> session(Call call) {
        return gatekeeper
                .recognise(call.request())
                .map(principal -> principal instanceof Principal.Operator operator
                        ? new Session(operator.proof(), operator.sessionEnds())
                        : Session.NONE)
                .map(Answer::ok);
    }
}
