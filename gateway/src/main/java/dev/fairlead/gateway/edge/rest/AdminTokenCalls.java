package dev.fairlead.gateway.edge.rest;

import dev.fairlead.gateway.agents.AgentCommands;
import dev.fairlead.gateway.auth.TokenKind;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.edge.access.Access;
import dev.fairlead.gateway.keys.KeyCommands;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.Names;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code /api/admin/tokens}: registration tokens of agents, and the keys of faces. */
public final class AdminTokenCalls {
    private static final String AGENT = "agent";

    private record NewToken(
            Optional<String> kind, Optional<String> name, Optional<String> agentName, Optional<List<String>> scopes) {}

    private record RegistrationToken(String token, String agentName, Instant expiresAt) {}

    private record NewKey(String token, String id, String kind, String name, List<String> scopes, Instant createdAt) {
        @Override
        public String toString() {
            return "NewKey[" + id + "]";
        }
    }

    private record Tokens(List<Key> tokens) {}

    private record Key(
            String id,
            String kind,
            String name,
            List<String> scopes,
            Instant createdAt,
            Optional<Instant> lastUsedAt) {}

    private final Bus bus;

    public AdminTokenCalls(Bus bus) {
        this.bus = bus;
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.post("/api/admin/tokens", Access.ADMIN, this::create),
                Endpoint.get("/api/admin/tokens", Access.ADMIN, call -> bus.request(new KeyCommands.ListKeys())
                        .map(found -> Answer.ok(new Tokens(found.keys().stream()
                                .map(AdminTokenCalls::shown)
                                .toList())))),
                Endpoint.delete("/api/admin/tokens/:id", Access.ADMIN, call -> bus.request(new KeyCommands.Revoke(
                                call.path("id"), call.principal().actor(), call.address()))
                        .map(revoked -> Answer.nothing())));
    }

    private Future<Answer> create(Call call) {
        NewToken wanted = call.body(NewToken.class);
        String kind = wanted.kind().orElse(AGENT);
        List<KeyCommands.Scope> scopes = scopes(wanted.scopes());
        if (kind.equals(AGENT)) {
            wanted.name().ifPresent(name -> Names.require("name", name));
            return registration(call, wanted.agentName().or(wanted::name).orElse(""));
        }
        TokenKind face = TokenKind.of(kind)
                .filter(TokenKind::isFace)
                .orElseThrow(() -> new FairleadException(
                        ErrorCode.BAD_REQUEST, "Field 'kind' is one of agent, mcp, openai, metrics"));
        if (face == TokenKind.METRICS && !scopes.equals(List.of(KeyCommands.Scope.READ))) {
            throw new FairleadException(ErrorCode.BAD_REQUEST, "A metrics token can only 'read'");
        }
        String name = Names.require("name", wanted.name().orElse(""));
        return bus.request(new KeyCommands.Create(
                        face, name, scopes, call.principal().actor(), call.address()))
                .map(made -> Answer.json(
                        201,
                        new NewKey(
                                made.token(),
                                made.key().id(),
                                kind,
                                name,
                                names(made.key().scopes()),
                                made.key().createdAt())));
    }

    private Future<Answer> registration(Call call, String agent) {
        String name = Names.require("agent_name", agent);
        return bus.request(new AgentCommands.CreateRegistrationToken(
                        name, call.principal().actor(), call.address()))
                .map(made -> Answer.json(201, new RegistrationToken(made.token(), made.agentName(), made.expiresAt())));
    }

    /** What reads may be all a key is for: more is given by name alone. */
    private static List<KeyCommands.Scope> scopes(Optional<List<String>> wanted) {
        List<KeyCommands.Scope> scopes = wanted.orElse(List.of("read")).stream()
                .map(AdminTokenCalls::scope)
                .distinct()
                .sorted()
                .toList();
        if (scopes.isEmpty()) {
            throw new FairleadException(ErrorCode.BAD_REQUEST, "Field 'scopes' names at least one");
        }
        return scopes;
    }

    private static KeyCommands.Scope scope(String name) {
        return Arrays.stream(KeyCommands.Scope.values())
                .filter(scope -> text(scope).equals(name))
                .findFirst()
                .orElseThrow(() -> new FairleadException(
                        ErrorCode.BAD_REQUEST, "Field 'scopes' holds read, operate and trade alone"));
    }

    private static Key shown(KeyCommands.Shown key) {
        return new Key(
                key.id(), key.kind().audience(), key.name(), names(key.scopes()), key.createdAt(), key.lastUsedAt());
    }

    private static List<String> names(List<KeyCommands.Scope> scopes) {
        return scopes.stream().map(AdminTokenCalls::text).toList();
    }

    private static String text(KeyCommands.Scope scope) {
        return scope.name().toLowerCase(Locale.ROOT);
    }
}
