package dev.fairlead.gateway.upstream.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Consumer;

/** What all of tastytrade's calls share: the gate, the access token, the version of the API, the form of an answer. */
final class TastytradeRoutes {
    private final RestGate gate;
    private final Faults faults;
    private final TastytradeOAuth oauth;

    TastytradeRoutes(RestGate gate, Faults faults, TastytradeOAuth oauth) {
        this.gate = gate;
        this.faults = faults;
        this.oauth = oauth;
    }

    /** Serves a call, counted as {@code name}, to who has a good access token. */
    void add(Router router, HttpMethod method, String path, String name, Consumer<RoutingContext> call) {
        router.route(method, path)
                .handler(context -> gate.pass(
                        name,
                        context,
                        () -> oauth.authenticated(context, () -> {
                            if (faults.happens(Fault.UNSUPPORTED_VERSION)) {
                                RestGate.error(context, 406, "not_acceptable", "Unsupported API version");
                            } else {
                                call.accept(context);
                            }
                        })));
    }

    static void answer(RoutingContext context, int status, ObjectNode data) {
        ObjectNode body = FrameCodec.object();
        body.set("data", data);
        RestGate.json(context, status, body.put("context", context.request().path()));
    }
}
