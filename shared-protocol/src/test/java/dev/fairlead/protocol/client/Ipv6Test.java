package dev.fairlead.protocol.client;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class Ipv6Test {
    @Test
    void an_address_in_brackets_is_reached() throws Exception {
        assumeTrue(hasLoopback(), "no IPv6 here");
        Vertx vertx = Vertx.vertx();
        Promise<String> host = Promise.promise();
        HttpServer gateway = vertx.createHttpServer().webSocketHandler(socket -> {
            host.tryComplete(socket.headers().get("Host"));
            socket.writeTextMessage("{\"type\":\"snapshot\"}");
        });
        gateway.listen(0, "::1").toCompletionStage().toCompletableFuture().get(10, SECONDS);
        StreamClient client = StreamClient.create(
                vertx, StreamClientOptions.of("ws://[::1]:" + gateway.actualPort() + "/ws/instances"));
        client.start().toCompletionStage().toCompletableFuture().get(10, SECONDS);
        assertThat(host.future().result()).isEqualTo("[::1]:" + gateway.actualPort());
        vertx.close().toCompletionStage().toCompletableFuture().get(10, SECONDS);
    }

    private static boolean hasLoopback() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getAllByName("::1")[0])) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
