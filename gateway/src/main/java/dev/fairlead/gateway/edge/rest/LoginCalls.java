package dev.fairlead.gateway.edge.rest;

import dev.fairlead.gateway.auth.IssuedToken;
import dev.fairlead.gateway.auth.TokenIssuer;
import dev.fairlead.gateway.edge.access.Access;
import dev.fairlead.gateway.edge.access.Gatekeeper;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** {@code POST /api/login}: the admin password for an operator token. */
public final class LoginCalls {
    private record Login(String password) {
        @Override
        public String toString() {
            return "Login[********]";
        }
    }

    private record Session(String token, Optional<Instant> expiresAt) {}

    private final Gatekeeper gatekeeper;
    private final TokenIssuer issuer;
    private final LoginAudit audit;

    /** Hears every try. */
    @FunctionalInterface
    public interface LoginAudit {
        void tried(String address, boolean succeeded);
    }

    public LoginCalls(Gatekeeper gatekeeper, TokenIssuer issuer, LoginAudit audit) {
        this.gatekeeper = gatekeeper;
        this.issuer = issuer;
        this.audit = audit;
    }

    public List<Endpoint> endpoints() {
        return List.of(Endpoint.post("/api/login", Access.PUBLIC, this::login));
    }

    private Future<Answer> login(Call call) {
        Login login = call.body(Login.class);
        return gatekeeper
                .checkPassword(login.password(), call.address())
                .onComplete(done -> audit.tried(call.address(), done.succeeded()))
                .map(ignored -> {
                    IssuedToken issued = issuer.operator();
                    return Answer.ok(new Session(issued.text(), issued.claims().expiresAt()));
                });
    }
}
