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
 * @param audit what the edge tells the audit trail of it
 */
public record Endpoint(
        HttpMethod method,
        String path,
        Access access,
        Function<Call, Future<Answer>> handler,
        Optional<Class<?>> body,
        Audit audit) {
    private Endpoint(HttpMethod method, String path, Access access, Function<Call, Future<Answer>> handler) {
        this(method, path, access, handler, Optional.empty(), Audit.OF_FAILURES);
    }

    /** The same, for bodies that may be large: those are read as {@code type} on a worker, not on the event loop. */
    Endpoint reading(Class<?> type) {
        return new Endpoint(method, path, access, handler, Optional.of(type), audit);
    }

    public static Endpoint get(String path, Access access, Function<Call, Future<Answer>> handler) {
        return new Endpoint(HttpMethod.GET, path, access, handler);
    }

    public static Endpoint post(String path, Access access, Function<Call, Future<Answer>> handler) {
        return new Endpoint(HttpMethod.POST, path, access, handler);
    }

    public static Endpoint put(String path, Access access, Function<Call, Future<Answer>> handler) {
        return new Endpoint(HttpMethod.PUT, path, access, handler);
    }

    public static Endpoint patch(String path, Access access, Function<Call, Future<Answer>> handler) {
        return new Endpoint(HttpMethod.PATCH, path, access, handler);
    }

    public static Endpoint delete(String path, Access access, Function<Call, Future<Answer>> handler) {
        return new Endpoint(HttpMethod.DELETE, path, access, handler);
    }

    /**
     * What the edge tells the audit trail of a call: that a change failed, where the concern tells of its success
     * alone.
     *
     * @param action what the trail calls it, where its success is told too; of the operator's calls alone, since
     *     agents' are their trade
     * @param target what a successful call was about
     * @param byConcern whether the concern tells of all, refusals as well
     */
    record Audit(Optional<String> action, Function<Call, String> target, boolean byConcern) {
        static final Audit OF_FAILURES = new Audit(Optional.empty(), Call::target, false);
        static final Audit BY_CONCERN = new Audit(Optional.empty(), Call::target, true);
    }

    /**
     * The same call, which the audit trail has under that name, where the operator makes it, even where it succeeds.
     */
    Endpoint audited(String action) {
        return audited(action, Call::target);
    }

    /** As {@link #audited(String)}, where what it is about does not stand in the path. */
    Endpoint audited(String action, Function<Call, String> target) {
        return new Endpoint(method, path, access, handler, body, new Audit(Optional.of(action), target, false));
    }

    /** The same call, of which the concern tells the audit trail all there is. */
    Endpoint auditedByConcern() {
        return new Endpoint(method, path, access, handler, body, Audit.BY_CONCERN);
    }

    /** Whether the call changes something. */
    boolean writes() {
        return !method.equals(HttpMethod.GET);
    }
}
