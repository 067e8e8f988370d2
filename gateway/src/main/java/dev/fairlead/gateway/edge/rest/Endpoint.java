package dev.fairlead.gateway.edge.rest;

import dev.fairlead.gateway.edge.access.Access;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.function.Function;

/**
 * One REST call.
 *
 * @param path below the root, a variable part as {@code :name}
 * @param handler refuses by throwing or failing with a {@link dev.fairlead.protocol.FairleadException}
 */
public record Endpoint(HttpMethod method, String path, Access access, Function<Call, Future<Answer>> handler) {
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
