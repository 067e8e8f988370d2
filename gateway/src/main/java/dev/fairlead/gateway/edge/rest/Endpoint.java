package dev.fairlead.gateway.edge.rest;

import dev.fairlead.gateway.edge.access.Access;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.Optional;
import java.util.function.Function;

/**
 * One REST call.
 *
 * @param path below the root, a variable part as {@code :name}
 * @param handler refuses by throwing or failing with a {@link dev.fairlead.protocol.FairleadException}
 * @param body what its body is read as before it is called, where that may take its time
 */
public record Endpoint(
        HttpMethod method,
        String path,
        Access access,
        Function<Call, Future<Answer>> handler,
        Optional<Class<?>> body) {
    private Endpoint(HttpMethod method, String path, Access access, Function<Call, Future<Answer>> handler) {
        this(method, path, access, handler, Optional.empty());
    }

    /** The same, for bodies that may be large: those are read as {@code type} on a worker, not on the event loop. */
    Endpoint reading(Class<?> type) {
        return new Endpoint(method, path, access, handler, Optional.of(type));
    }

    public static Endpoint get(String path, Access access, Function<Call, Future<Answer>> handler) {
        return new Endpoint(HttpMethod.GET, path, access, handler);
    }

    public static Endpoint post(String path, Access access, Function<Call, Future<Answer>> handler) {
        return new Endpoint(HttpMethod.POST, path, access, handler);
    }

    public static Endpoint patch(String path, Access access, Function<Call, Future<Answer>> handler) {
        return new Endpoint(HttpMethod.PATCH, path, access, handler);
    }

    public static Endpoint delete(String path, Access access, Function<Call, Future<Answer>> handler) {
        return new Endpoint(HttpMethod.DELETE, path, access, handler);
    }

    /** Whether the call changes something. */
    boolean writes() {
        return !method.equals(HttpMethod.GET);
    }
}
