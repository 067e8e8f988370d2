package dev.fairlead.gateway.edge.rest;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.edge.Lifecycle;
import dev.fairlead.gateway.edge.access.Access;
import dev.fairlead.gateway.edge.access.Gatekeeper;
import dev.fairlead.gateway.edge.access.Principal;
import dev.fairlead.gateway.edge.intake.ByteBudget;
import dev.fairlead.protocol.ErrorBody;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.Names;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Puts REST calls on the router: who may, what they send, one shape for every error, headers for every answer. */
public final class RestRouter {
    /** Of every answer, encoded and hashed once: they are most of what an answer costs. */
    private static final List<Header> HEADERS = Stream.of(
                    "X-Content-Type-Options: nosniff",
                    "Referrer-Policy: no-referrer",
                    "X-Frame-Options: DENY",
                    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
                    "Cross-Origin-Resource-Policy: same-origin",
                    "Cache-Control: no-store")
            .map(Header::of)
            .toList();

    private static final String JSON = "application/json";

    private static final int READ_ON_LOOP = 32 * 1024;

    private final Gatekeeper gatekeeper;
    private final Lifecycle lifecycle;
    private final BodyReader bodies;
    private final StreamedAnswers streamed;
    private final CallAudit audit;
    private final Router router;
    private final Map<String, Function<FairleadException, Object>> shapes = new TreeMap<>();

    /**
     * Makes an empty router.
     *
     * @param maxBody most bytes of a request's body
     * @param bodies most bytes of all bodies in progress
     * @param streamed by what answers in pieces are sent
     */
    public RestRouter(
            Vertx vertx,
            Gatekeeper gatekeeper,
            Lifecycle lifecycle,
            CallAudit audit,
            long maxBody,
            ByteBudget bodies,
            StreamedAnswers streamed) {
        this.gatekeeper = gatekeeper;
        this.lifecycle = lifecycle;
        this.audit = audit;
        this.bodies = new BodyReader(maxBody, bodies);
        this.streamed = streamed;
        this.router = Router.router(vertx);
        router.route().handler(this::guard);
        router.route().failureHandler(this::failed);
    }

    /**
     * Asks {@code page} before all else; it passes on what is not its own. Its files are everybody's, whatever name and
     * page a browser comes from, so that a refusal of the calls has somewhere to be shown.
     */
    public RestRouter page(Handler<RoutingContext> page) {
        router.route().order(-1).handler(page);
        return this;
    }

    /**
     * Has what is refused at a path, and below it, told in a shape of its own: clients of another protocol read no
     * other.
     *
     * @param shape a refusal's body, as JSON
     */
    public RestRouter refusing(String path, Function<FairleadException, Object> shape) {
        shapes.put(path, shape);
        return this;
    }

    /** Adds the calls; what they leave open is answered 404 or 405 from then on. */
    public Router mount(List<Endpoint> endpoints) {
        Map<String, List<Endpoint>> byPath =
                endpoints.stream().collect(Collectors.groupingBy(Endpoint::path, TreeMap::new, Collectors.toList()));
        Map<String, Map<HttpMethod, Endpoint>> whole = new HashMap<>();
        byPath.forEach((path, calls) -> {
            if (!path.contains("/:")) {
                calls.forEach(call ->
                        whole.computeIfAbsent(path, ignored -> new HashMap<>()).put(call.method(), call));
            }
        });
        // What is asked for most has no variable part: it is found at once, not after all patterns before it.
        router.route().handler(context -> {
            HttpServerRequest request = context.request();
            Endpoint call = whole.getOrDefault(request.path(), Map.of()).get(request.method());
            if (call == null) {
                context.next();
            } else {
                serve(context, call);
            }
        });
        // All calls come before all refusals: /api/instances/bulk is a call, and an instance may have that name.
        byPath.forEach((path, calls) -> calls.forEach(
                endpoint -> router.route(endpoint.method(), path).handler(context -> serve(context, endpoint))));
        // And the refusal of a path that is written out comes before that of one with a parameter in its place.
        Map<Integer, List<Template>> byLength = new HashMap<>();
        byPath.forEach((path, calls) -> byLength.computeIfAbsent(parts(path).size(), length -> new ArrayList<>())
                .add(new Template(parts(path), calls)));
        byPath.keySet().stream().sorted(Comparator.comparing(RestRouter::rank)).forEach(path -> {
            List<String> parts = parts(path);
            Set<String> methods = new TreeSet<>();
            for (Template general : byLength.get(parts.size())) {
                if (general.covers(parts)) {
                    general.calls().forEach(call -> methods.add(call.method().name()));
                }
            }
            String allowed = String.join(", ", methods);
            router.route(path).handler(context -> {
                context.response().putHeader(HttpHeaders.ALLOW, allowed);
                refuse(
                        context,
                        new FairleadException(
                                ErrorCode.METHOD_NOT_ALLOWED,
                                "Use " + allowed + " here, not "
                                        + context.request().method()));
            });
        });
        router.route()
                .handler(context -> refuse(
                        context,
                        new FairleadException(
                                ErrorCode.NOT_FOUND,
                                "Nothing is at " + Names.shown(context.request().path())
                                        + "; GET /api/openapi.json lists what there is")));
        return router;
    }

    private static String rank(String path) {
        return path.replace(':', Character.MAX_VALUE);
    }

    private static List<String> parts(String path) {
        return List.of(path.split("/", -1));
    }

    /** A path and what is called there. */
    private record Template(List<String> parts, List<Endpoint> calls) {
        /** Whether a request for a path of as many parts is one for this too, as bulk is a name. */
        boolean covers(List<String> special) {
            for (int i = 0; i < parts.size(); i++) {
                if (!parts.get(i).startsWith(":") && !parts.get(i).equals(special.get(i))) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Answers a refusal in the one shape errors have; does nothing where an answer has begun. */
    public static void refuse(HttpServerResponse response, FairleadException refusal) {
        refuse(response, refusal, ErrorBody::of);
    }

    private void refuse(RoutingContext context, FairleadException refusal) {
        String path = context.request().path();
        Function<FairleadException, Object> shape = shapes.entrySet().stream()
                .filter(face -> path.equals(face.getKey()) || path.startsWith(face.getKey() + "/"))
                .findFirst()
                .map(Map.Entry::getValue)
                .orElse(ErrorBody::of);
        refuse(context.response(), refusal, shape);
    }

    private static void refuse(
            HttpServerResponse response, FairleadException refusal, Function<FairleadException, Object> shape) {
        if (response.ended() || response.closed() || response.headWritten()) {
            return;
        }
        HEADERS.forEach(header -> response.putHeader(header.name(), header.value()));
        refusal.retryAfter()
                .ifPresent(wait -> response.putHeader(
                        HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, (wait.toMillis() + 999) / 1000))));
        if (refusal.code() == ErrorCode.UNAUTHORIZED) {
            response.putHeader("WWW-Authenticate", "Bearer");
        }
        Future<Void> unused = response.setStatusCode(refusal.code().httpStatus())
                .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                .end(Buffer.buffer(FrameCodec.encode(shape.apply(refusal))));
    }

    private void guard(RoutingContext context) {
        try {
            gatekeeper.checkOrigin(context.request());
            if (mayChange(context.request())) {
                lifecycle.requireOpen();
                checkContentType(context.request());
            }
            context.next();
        } catch (FairleadException refusal) {
            audit.refused(context.request(), refusal);
            refuse(context, refusal);
        }
    }

    private static boolean mayChange(HttpServerRequest request) {
        HttpMethod method = request.method();
        return !method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD);
    }

    /** A body that is not declared JSON is what a form of a foreign page could have sent. */
    private static void checkContentType(HttpServerRequest request) {
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        boolean json = JSON.equals(type)
                || (type != null
                        && type.split(";", 2)[0].trim().toLowerCase(Locale.ROOT).equals(JSON));
        if (!json && (type != null || BodyReader.isExpected(request))) {
            throw new FairleadException(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Send JSON, with the header 'Content-Type: application/json'");
        }
    }

    /** Route, host, type and credential are judged by the head; only what passes has its body read. */
    private void serve(RoutingContext context, Endpoint endpoint) {
        HttpServerRequest request = context.request();
        boolean body = BodyReader.isExpected(request);
        if (body) {
            request.pause();
        }
        // What the check itself throws ends the request too.
        Future.succeededFuture(request)
                .compose(head -> gatekeeper.admit(head, endpoint.access()))
                .onFailure(refusal -> audit.refused(request, Bus.refusal(refusal)))
                .compose(principal -> (body
                                ? withBody(context, endpoint, principal)
                                : inHand(context, () -> handle(endpoint, withoutBody(context, principal))))
                        .map(answer -> new Given(principal, answer)))
                .onComplete(done -> {
                    if (body) {
                        request.resume(); // what was not read is dropped as it comes
                    }
                    if (done.succeeded()) {
                        answer(context.response(), done.result());
                    } else {
                        refuse(context, Bus.refusal(logged(endpoint, done.cause())));
                    }
                });
    }

    private Call withoutBody(RoutingContext context, Principal principal) {
        return new Call(
                context, principal, Buffer.buffer(), Optional.empty(), () -> gatekeeper.addressOf(context.request()));
    }

    private Future<Answer> withBody(RoutingContext context, Endpoint endpoint, Principal principal) {
        String address = gatekeeper.addressOf(context.request());
        return bodies.read(context.request(), address, endpoint.access() == Access.PUBLIC)
                .compose(body -> inHand(context, () -> decoded(context, endpoint, body.bytes())
                                .map(decoded -> new Call(context, principal, body.bytes(), decoded, () -> address))
                                .compose(call -> handle(endpoint, call)))
                        .onComplete(done -> body.release()));
    }

    /** Only what has come whole is waited for at a shutdown: a body that never ends would hold it up. */
    private Future<Answer> inHand(RoutingContext context, Supplier<Future<Answer>> work) {
        lifecycle.begin();
        return Future.succeededFuture(context.request())
                .compose(request -> {
                    if (mayChange(request)) {
                        lifecycle.requireOpen(); // it may have begun to shut down while the body came
                    }
                    return work.get();
                })
                .onComplete(done -> lifecycle.end());
    }

    private Future<Answer> handle(Endpoint endpoint, Call call) {
        // What the handler itself throws fails the call as well.
        return Future.succeededFuture(call).compose(endpoint.handler()).onComplete(done -> {
            if (done.succeeded()) {
                audit.done(endpoint, call);
            } else {
                audit.failed(endpoint, call, Bus.refusal(done.cause()));
            }
        });
    }

    /** A large body is read on a worker: on the event loop everybody else would wait for it. */
    private static Future<Optional<Object>> decoded(RoutingContext context, Endpoint endpoint, Buffer body) {
        if (endpoint.body().isEmpty() || body.length() <= READ_ON_LOOP) {
            return Future.succeededFuture(Optional.empty());
        }
        byte[] json = body.getBytes();
        Class<?> type = endpoint.body().get();
        return context.vertx()
                .executeBlocking(() -> Optional.of(FrameCodec.decodeData(json, 0, json.length, type)), false);
    }

    private void answer(HttpServerResponse response, Given given) {
        Answer answer = given.answer();
        if (response.ended() || response.closed()) {
            return;
        }
        HEADERS.forEach(header -> response.putHeader(header.name(), header.value()));
        response.setStatusCode(answer.status());
        if (!answer.contentType().isEmpty()) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, answer.contentType());
        }
        answer.headers().forEach(response::putHeader);
        answer.cookies().forEach(cookie -> response.headers().add(HttpHeaders.SET_COOKIE, cookie));
        if (answer.source().isPresent()) {
            streamed.send(given.to(), response, answer.source().get());
        } else {
            Future<Void> unused = response.end(answer.body());
        }
    }

    private static Throwable logged(Endpoint endpoint, Throwable failure) {
        // A client that broke off in mid-request is nobody to be answered, and nothing of ours failed.
        if (!(failure instanceof FairleadException || failure instanceof HttpClosedException)) {
            Log.failed(endpoint, failure);
        }
        return failure;
    }

    private void failed(RoutingContext context) {
        if (context.statusCode() >= 400 && context.statusCode() < 500) {
            refuse(context, new FairleadException(ErrorCode.BAD_REQUEST, "The request is malformed"));
        } else if (context.failure() instanceof IOException || context.failure() instanceof HttpClosedException) {
            // The client broke off in mid-request: nobody is there to be answered, and nothing of ours failed.
            context.response().reset();
        } else {
            Log.failed(context.request().method() + " " + context.request().path(), context.failure());
            refuse(context, Bus.refusal(new IllegalStateException()));
        }
    }

    /** An answer, and who it is for. */
    private record Given(Principal to, Answer answer) {}

    private record Header(CharSequence name, CharSequence value) {
        static Header of(String line) {
            String[] parts = line.split(": ", 2);
            return new Header(HttpHeaders.createOptimized(parts[0]), HttpHeaders.createOptimized(parts[1]));
        }
    }

    /** One line for each failure nobody refused on purpose. */
    private static final class Log {
        private static final org.slf4j.Logger log = org.slf4j.LoggerFactory.getLogger(RestRouter.class);

        static void failed(Endpoint endpoint, Throwable failure) {
            failed(endpoint.method() + " " + endpoint.path(), failure);
        }

        static void failed(String what, Throwable failure) {
            log.error("{} failed", what, failure);
        }
    }
}
