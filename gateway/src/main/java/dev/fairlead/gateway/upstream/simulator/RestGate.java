package dev.fairlead.gateway.upstream.simulator;

import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/** What stands in front of every REST call of both providers: the User-Agent, and the faults that concern all calls. */
final class RestGate {
    private static final String HTML =
            "<html>\r\n<head><title>401 Authorization Required</title></head>\r\n<body>\r\n<center><h1>401"
                    + " Authorization Required</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";

    private final Faults faults;
    private final Counters counters;

    RestGate(Faults faults, Counters counters) {
        this.faults = faults;
        this.counters = counters;
    }

    /** Passes a call on, counted as {@code name}, unless it is answered here or, where it is to hang, not at all. */
    void pass(String name, RoutingContext context, Runnable then) {
        counters.count(name);
        String userAgent = context.request().getHeader("User-Agent");
        if (userAgent == null || userAgent.isBlank()) {
            counters.count("violation.no_user_agent");
            html(context);
        } else if (faults.happens(Fault.HANG)) {
            counters.count("hanging");
        } else if (faults.happens(Fault.HTML_401)) {
            html(context);
        } else if (faults.happens(Fault.RATE_LIMIT)) {
            error(context, 429, "too_many_requests", "Too many requests");
        } else if (faults.happens(Fault.RATE_LIMIT_RETRY_AFTER)) {
            context.response().putHeader("Retry-After", "2");
            error(context, 429, "too_many_requests", "Too many requests");
        } else if (faults.happens(Fault.SERVER_ERROR)) {
            error(context, 500, "internal_server_error", "Internal server error");
        } else {
            then.run();
        }
    }

    static void json(RoutingContext context, int status, Object body) {
        end(context, status, "application/json; charset=utf-8", Buffer.buffer(FrameCodec.encode(body)));
    }

    static void error(RoutingContext context, int status, String code, String message) {
        var body = FrameCodec.object();
        body.putObject("error").put("code", code).put("message", message).putArray("errors");
        json(context, status, body);
    }

    private static void html(RoutingContext context) {
        end(context, 401, "text/html", Buffer.buffer(HTML));
    }

    private static void end(RoutingContext context, int status, String type, Buffer body) {
        HttpServerResponse response = context.response();
        if (!response.closed()) {
            Future<Void> unused = response.setStatusCode(status)
                    .putHeader("Content-Type", type)
                    .end(body);
        }
    }
}
