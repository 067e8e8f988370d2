package dev.fairlead.gateway.instances;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Checks the ports of instances, each by itself and within its own time. Confined to one event loop. */
final class HealthChecks {
    private static final String HOST = "127.0.0.1";
    private static final int FIRST_BAD_STATUS = 400;

    /** What came of a check; {@code failure} is empty where it passed. */
    @FunctionalInterface
    interface Heard {
        void checked(String name, String spawnId, Optional<String> failure);
    }

    private final NetClient tcp;
    private final HttpClient http;
    private final Heard heard;
    /** Spawns whose check is under way. */
    private final Set<String> busy = new HashSet<>();

    HealthChecks(Vertx vertx, Heard heard) {
        this.tcp = vertx.createNetClient();
        this.http = vertx.createHttpClient(new HttpClientOptions().setKeepAlive(false));
        this.heard = heard;
    }

    /** Checks those of the instances that are up and have something to check. */
    void check(List<Instance> instances) {
        for (Instance instance : instances) {
            if (instance.isUp() && instance.settings().health().isPresent()) {
                check(
                        instance,
                        instance.settings().health().get(),
                        instance.spawn().map(Spawn::id).orElse(""));
            }
        }
    }

    private void check(Instance instance, HealthProbe probe, String spawnId) {
        if (!busy.add(spawnId)) {
            return;
        }
        int port = instance.settings().port();
        probe(port, probe).onComplete(done -> {
            busy.remove(spawnId);
            heard.checked(
                    instance.name(),
                    spawnId,
                    done.succeeded() ? Optional.empty() : Optional.of(reason(port, done.cause())));
        });
    }

    /** Checks a port once; fails where that does not pass. */
    Future<Void> probe(int port, HealthProbe probe) {
        return probe.http() ? get(port, probe) : connect(port, probe);
    }

    private Future<Void> connect(int port, HealthProbe probe) {
        Future<NetSocket> connected = tcp.connect(port, HOST);
        connected.onSuccess(NetSocket::close); // even when it came too late
        return connected.timeout(probe.timeout(), TimeUnit.MILLISECONDS).mapEmpty();
    }

    private Future<Void> get(int port, HealthProbe probe) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost(HOST)
                .setPort(port)
                .setURI(probe.pathOrRoot())
                .setConnectTimeout(probe.timeout());
        Future<HttpClientRequest> opened = http.request(options);
        Future<Integer> status = opened.compose(HttpClientRequest::send).map(response -> {
            response.exceptionHandler(reset -> {}); // it is this check that gives up on the body
            return response.statusCode();
        });
        return status.timeout(probe.timeout(), TimeUnit.MILLISECONDS)
                .onComplete(done -> opened.onSuccess(HttpClientRequest::reset)) // the body is of no interest
                .compose(code -> code < FIRST_BAD_STATUS
                        ? Future.succeededFuture()
                        : Future.failedFuture(new IllegalStateException("it answered with status " + code)));
    }

    private static String reason(int port, Throwable failure) {
        String what = failure instanceof IllegalStateException
                ? failure.getMessage()
                : failure instanceof java.util.concurrent.TimeoutException
                        ? "no answer in time"
                        : "it cannot be reached (" + failure.getClass().getSimpleName() + ")";
        return "port " + port + ": " + what;
    }

    Future<?> close() {
        return Future.all(tcp.close(), http.close());
    }
}
