package dev.fairlead.gateway.edge.rest;

import dev.fairlead.gateway.auth.GatewayIdentity;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.bus.HealthCommands;
import dev.fairlead.gateway.edge.Lifecycle;
import dev.fairlead.gateway.edge.access.Access;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** {@code /api/health}: whether the process lives, takes work, and whether each concern does its part. */
public final class HealthCalls {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final String OK = "ok";

    private record Found(String concern, HealthCommands.Status status, String detail) {}

    private record Check(String status, String detail) {}

    private record Health(
            String status,
            String version,
            long uptimeSeconds,
            String node,
            Map<String, Check> checks,
            Optional<String> proof) {}

    private record Live(String status) {}

    private record Dead(String status, String detail) {}

    private final Bus bus;
    private final TimeSource time;
    private final Lifecycle lifecycle;
    private final GatewayIdentity identity;
    private final String version;
    private final String node;
    private final List<String> concerns;
    private final long startedAt;
    private final SharedCheck<List<Found>> found;

    /**
     * The calls of one edge.
     *
     * @param concerns the places where {@link HealthCommands.Check} is answered
     * @param startedAt nanoseconds of the monotonic clock
     */
    public HealthCalls(
            Bus bus,
            Scheduler scheduler,
            TimeSource time,
            Lifecycle lifecycle,
            GatewayIdentity identity,
            String version,
            String node,
            List<String> concerns,
            long startedAt) {
        this.bus = bus;
        this.time = time;
        this.lifecycle = lifecycle;
        this.identity = identity;
        this.version = version;
        this.node = node;
        this.concerns = concerns;
        this.startedAt = startedAt;
        this.found = new SharedCheck<>(scheduler, this::askAll);
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/api/health", Access.PUBLIC, call -> health(proof(call))),
                Endpoint.get("/api/health/live", Access.PUBLIC, call -> Future.succeededFuture(live())),
                Endpoint.get("/api/health/ready", Access.PUBLIC, call -> health(Optional.empty())));
    }

    private Answer live() {
        return lifecycle
                .stuck()
                .map(what -> Answer.json(503, new Dead(word(HealthCommands.Status.FAILED), what)))
                .orElseGet(() -> Answer.ok(new Live(OK)));
    }

    private static String word(HealthCommands.Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    /** Over the address the asker's connection came in on: somebody in between has dialled another. */
    private Optional<String> proof(Call call) {
        return call.query("challenge").map(nonce -> {
            SocketAddress here = call.request().localAddress();
            try {
                return identity.proof(nonce, InetAddress.getByName(here.hostAddress()), here.port());
            } catch (UnknownHostException e) {
                throw new IllegalStateException("The address of a connection is in digits", e);
            }
        });
    }

    private Future<Answer> health(Optional<String> proof) {
        return found.result().map(checks -> {
            HealthCommands.Status worst = checks.stream()
                    .map(Found::status)
                    .max(Comparator.naturalOrder())
                    .orElse(HealthCommands.Status.OK);
            Map<String, Check> shown = new TreeMap<>();
            checks.forEach(check -> shown.put(check.concern(), new Check(word(check.status()), check.detail())));
            String status = lifecycle.isDraining() ? "shutting_down" : word(worst);
            boolean healthy = !lifecycle.isDraining() && worst != HealthCommands.Status.FAILED;
            long uptime = Duration.ofNanos(time.nanos() - startedAt).toSeconds();
            return Answer.json(healthy ? 200 : 503, new Health(status, version, uptime, node, shown, proof));
        });
    }

    private Future<List<Found>> askAll() {
        List<Future<HealthCommands.Result>> asked = new ArrayList<>();
        for (String concern : concerns) {
            asked.add(bus.requestAt(concern, new HealthCommands.Check(), PATIENCE)
                    .recover(failure -> Future.succeededFuture(new HealthCommands.Result(
                            false, Bus.refusal(failure).getMessage()))));
        }
        return Future.all(asked).map(all -> {
            List<Found> checks = new ArrayList<>();
            for (int i = 0; i < concerns.size(); i++) {
                HealthCommands.Result result = all.resultAt(i);
                checks.add(new Found(concerns.get(i), result.status(), result.detail()));
            }
            return checks;
        });
    }
}
