package dev.fairlead.gateway.upstream.tastytrade;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.upstream.UpstreamAddress;
import dev.fairlead.gateway.upstream.UpstreamAnswer;
import dev.fairlead.gateway.upstream.UpstreamCredentials;
import dev.fairlead.gateway.upstream.UpstreamHttp;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * tastytrade's calls: at its live host or its sandbox, since what is known to one fails on the other, or wherever the
 * settings say; with the version of the API that this was written for, which the sandbox does not take.
 */
public final class TastytradeRest {
    private static final String LIVE = "https://api.tastyworks.com";
    private static final String SANDBOX = "https://api.cert.tastyworks.com";
    private static final String VERSION_SETTING = "upstream.api_version";

    private final UpstreamHttp http;
    private final UpstreamCredentials.Tastytrade credentials;
    private final String name;
    private final String base;
    private final String version;

    public TastytradeRest(UpstreamHttp http, UpstreamCredentials.Tastytrade credentials, Settings.Upstream settings) {
        this.http = http;
        this.credentials = credentials;
        this.name = settings.kind() == Settings.UpstreamKind.SIMULATOR ? "the simulator" : "tastytrade";
        String given = UpstreamAddress.of(settings).map(URI::toString).orElse(credentials.sandbox() ? SANDBOX : LIVE);
        this.base = given.endsWith("/") ? given.substring(0, given.length() - 1) : given;
        this.version = settings.apiVersion();
    }

    /** What to call it to people. */
    String name() {
        return name;
    }

    UpstreamCredentials.Tastytrade credentials() {
        return credentials;
    }

    boolean isPlain() {
        return base.startsWith("http:");
    }

    /** Asks with an access token, without any retry; {@code pathAndQuery} from its slash on. */
    Future<UpstreamAnswer> get(String pathAndQuery, Secret token) {
        return http.get(URI.create(base + pathAndQuery), headers(Optional.of(token)));
    }

    /** Sends once what may change something. */
    Future<UpstreamAnswer> send(HttpMethod method, String path, Optional<Secret> token, ObjectNode body) {
        return http.send(
                method,
                URI.create(base + path),
                "application/json",
                headers(token),
                body.isEmpty() ? Buffer.buffer() : Buffer.buffer(FrameCodec.encode(body)));
    }

    /** What a 406 means: the one refusal that a setting mends. */
    String versionRefused() {
        return name + " does not serve version " + version + " of its API any more (406); set " + VERSION_SETTING
                + " to one that its release notes name";
    }

    private Map<String, String> headers(Optional<Secret> token) {
        Map<String, String> headers = new HashMap<>();
        token.ifPresent(secret -> headers.put("Authorization", "Bearer " + secret.reveal()));
        if (!credentials.sandbox()) {
            headers.put("Accept-Version", version);
        }
        return headers;
    }
}
