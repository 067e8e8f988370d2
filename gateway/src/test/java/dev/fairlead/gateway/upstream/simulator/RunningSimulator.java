package dev.fairlead.gateway.upstream.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.upstream.kraken.KrakenSignature;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** A simulated upstream of this JVM, and the calls of a client that is none of ours. */
public final class RunningSimulator implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    static final String TOKEN_PATH = "/0/private/GetWebSocketsToken";

    private final Vertx vertx = Vertx.vertx();
    private final UpstreamSimulator simulator;

    private RunningSimulator(TimeSource time, SimulatorOptions options) {
        simulator = await(UpstreamSimulator.start(vertx, time, options));
    }

    public static RunningSimulator start() {
        return start(TimeSource.system(), SimulatorOptions.onPort(0));
    }

    public static RunningSimulator start(TimeSource time, SimulatorOptions options) {
        return new RunningSimulator(time, options);
    }

    public URI baseUrl() {
        return simulator.baseUrl();
    }

    public Faults faults() {
        return simulator.faults();
    }

    public long count(String what) {
        return simulator.counters().of(what);
    }

    public List<String> issuedTokens() {
        return simulator.issuedTokens();
    }

    /** Places an order of that identifier, as a gateway does that then does not live to hear the answer. */
    public void place(UUID id) {
        String order = "{\"time-in-force\":\"Day\",\"order-type\":\"Market\",\"external-identifier\":\"" + id
                + "\",\"legs\":[{\"instrument-type\":\"Equity\",\"symbol\":\"AAPL\",\"quantity\":1,"
                + "\"action\":\"Buy to Open\"}]}";
        assertThat(post("/accounts/" + SimulatedAccount.ACCOUNT + "/orders", order, accessToken())
                        .status())
                .isEqualTo(201);
    }

    /** Cancels the order that was placed last. */
    public void cancelNewest() {
        String path = "/accounts/" + SimulatedAccount.ACCOUNT + "/orders/" + newest();
        assertThat(send(call(path)
                                .header("Authorization", "Bearer " + accessToken())
                                .DELETE())
                        .status())
                .isEqualTo(200);
    }

    /** Replaces the order that was placed last. */
    public void replaceNewest(UUID id, String price) {
        String body = "{\"time-in-force\":\"Day\",\"order-type\":\"Limit\",\"price\":\"" + price
                + "\",\"price-effect\":\"Debit\",\"external-identifier\":\"" + id + "\"}";
        assertThat(send(call("/accounts/" + SimulatedAccount.ACCOUNT + "/orders/" + newest())
                                .header("Authorization", "Bearer " + accessToken())
                                .PUT(HttpRequest.BodyPublishers.ofString(body)))
                        .status())
                .isEqualTo(200);
    }

    /** The id of the order that was placed last. */
    public String newest() {
        return orders().get(0).get("id").asText();
    }

    /** All orders that tastytrade's side of it has, the newest first. */
    public JsonNode orders() {
        return get("/accounts/" + SimulatedAccount.ACCOUNT + "/orders", accessToken())
                .body()
                .at("/data/items");
    }

    /** The contract of /ES that is traded most now. */
    public String activeFuture() {
        return get("/_simulator/credentials", "").body().get("active_future").asText();
    }

    /** What came back; the body is missing where it is no JSON. */
    record Reply(int status, JsonNode body, HttpResponse<String> raw) {}

    Reply send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Reply(response.statusCode(), json(response.body()), response);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("No answer", e);
        }
    }

    HttpRequest.Builder call(String path) {
        return HttpRequest.newBuilder(URI.create(baseUrl() + path))
                .header("User-Agent", "test/1.0")
                .header("Content-Type", "application/json");
    }

    Reply get(String path, String accessToken) {
        return send(call(path).header("Authorization", "Bearer " + accessToken));
    }

    Reply post(String path, String json, String accessToken) {
        return send(call(path)
                .header("Authorization", "Bearer " + accessToken)
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    Reply token(String refreshToken) {
        String body = FrameCodec.object()
                .put("grant_type", "refresh_token")
                .put("client_secret", SimulatedAccount.CLIENT_SECRET)
                .put("refresh_token", refreshToken)
                .toString();
        return send(call("/oauth/token").POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    String accessToken() {
        return token(SimulatedAccount.REFRESH_TOKEN).body().path("access_token").asText();
    }

    String quoteToken() {
        return get("/api-quote-tokens", accessToken()).body().at("/data/token").asText();
    }

    Reply krakenToken(long nonce, String sign) {
        return send(HttpRequest.newBuilder(URI.create(baseUrl() + TOKEN_PATH))
                .header("User-Agent", "test/1.0")
                .header("API-Key", SimulatedAccount.KRAKEN_KEY)
                .header("API-Sign", sign)
                .POST(HttpRequest.BodyPublishers.ofString("nonce=" + nonce)));
    }

    Reply krakenToken(long nonce) {
        return krakenToken(
                nonce,
                KrakenSignature.of(SimulatedAccount.KRAKEN_SECRET, TOKEN_PATH, Long.toString(nonce), "nonce=" + nonce));
    }

    WsClient socket(String path) {
        return WsClient.connect(URI.create("ws://127.0.0.1:" + baseUrl().getPort() + path));
    }

    /** A feed's socket after the whole handshake, with channel 1 set up. */
    WsClient feed(String format) {
        WsClient feed = socket(UpstreamSimulator.DXLINK_PATH);
        feed.send("{\"type\":\"SETUP\",\"channel\":0,\"version\":\"0.1-test/1.0\",\"keepaliveTimeout\":60}");
        feed.next("AUTH_STATE");
        feed.send("{\"type\":\"AUTH\",\"channel\":0,\"token\":\"" + quoteToken() + "\"}");
        feed.next("AUTH_STATE");
        feed.send("{\"type\":\"CHANNEL_REQUEST\",\"channel\":1,\"service\":\"FEED\","
                + "\"parameters\":{\"contract\":\"AUTO\"}}");
        feed.next("CHANNEL_OPENED");
        ObjectNode setup =
                FrameCodec.object().put("type", "FEED_SETUP").put("channel", 1).put("acceptDataFormat", format);
        var fields = setup.putObject("acceptEventFields").putArray("Quote");
        for (String field :
                new String[] {"eventType", "eventSymbol", "bidPrice", "askPrice", "bidSize", "askSize", "unheardOf"}) {
            fields.add(field);
        }
        return feed.send(setup.toString());
    }

    @Override
    public void close() {
        await(vertx.close());
    }

    private static JsonNode json(String text) {
        try {
            return FrameCodec.tree(text);
        } catch (FairleadException e) {
            return FrameCodec.object();
        }
    }

    private static <T> T await(io.vertx.core.Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("Did not come about", e);
        }
    }
}
