package dev.fairlead.gateway.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.upstream.RefusalText;
import dev.fairlead.gateway.upstream.UpstreamAddress;
import dev.fairlead.gateway.upstream.UpstreamCredentials;
import dev.fairlead.gateway.upstream.UpstreamHttp;
import dev.fairlead.gateway.upstream.kraken.KrakenSignature;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.OrderMode;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether Kraken takes the key for what the gateway needs it for: the socket's token and, with orders, to find them.
 */
final class KrakenKeyCheck {
    private static final String SUBJECT = "upstream";
    private static final String KRAKEN = "https://api.kraken.com";
    private static final int TIMEOUT_MS = 5_000;
    private static final int LONGEST_ANSWER = 1 << 20;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** Kraken answered with an error of its own. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String error) {
            super(error, null, false, false);
        }
    }

    private final UpstreamCredentials.Kraken key;
    private final String base;
    private final TimeSource time;

    private KrakenKeyCheck(UpstreamCredentials.Kraken key, String base, TimeSource time) {
        this.key = key;
        this.base = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        this.time = time;
    }

    static List<Finding> run(Settings settings, Map<String, String> environment, TimeSource time) {
        if (!(UpstreamCredentials.read(settings.upstream().kind(), environment)
                instanceof UpstreamCredentials.Kraken key)) {
            return List.of();
        }
        String base = UpstreamAddress.of(settings.upstream()).map(URI::toString).orElse(KRAKEN);
        KrakenKeyCheck check = new KrakenKeyCheck(key, base, time);
        List<Finding> findings = new ArrayList<>();
        check.ask("GetWebSocketsToken", "the socket's token", "'Access WebSockets API'")
                .ifPresent(findings::add);
        if (findings.isEmpty()
                && settings.orders().enabled()
                && settings.orders().mode() == OrderMode.LIVE) {
            check.ask("OpenOrders", "its open orders", "'Query open orders & trades'")
                    .ifPresent(findings::add);
        }
        return findings.isEmpty()
                ? List.of(Finding.good(SUBJECT, "Kraken takes the key; let no other program use it"))
                : findings;
    }

    private Optional<Finding> ask(String method, String what, String permission) {
        try {
            call("/0/private/" + method);
            return Optional.empty();
        } catch (Refused refused) {
            String error = refused.getMessage();
            return Optional.of(
                    Finding.warning(SUBJECT, "Kraken refuses " + what + ": " + error, remedy(error, permission)));
        } catch (IOException | FairleadException e) {
            return Optional.of(Finding.warning(
                    SUBJECT,
                    "Kraken does not answer at " + URI.create(base).getRawAuthority(),
                    "check the network, a proxy in between and upstream.base_url"));
        }
    }

    private static String remedy(String error, String permission) {
        if (error.startsWith("EAPI:Invalid nonce")) {
            return "another program uses this key, and its nonces are higher: make a key for Fairlead alone and set"
                    + " KRAKEN_API_KEY and KRAKEN_API_SECRET to it";
        }
        if (error.startsWith("EGeneral:Permission denied")) {
            return "give the key the permission " + permission;
        }
        if (error.startsWith("EAPI:Invalid key") || error.startsWith("EAPI:Invalid signature")) {
            return "copy KRAKEN_API_KEY and KRAKEN_API_SECRET anew: one is cut, or of another key than the other";
        }
        return "try again later, and see status.kraken.com";
    }

    private void call(String path) throws IOException, Refused {
        Instant now = time.instant();
        String nonce = Long.toString(now.getEpochSecond() * NANOS_PER_SECOND + now.getNano());
        String body = "nonce=" + nonce;
        HttpURLConnection call =
                (HttpURLConnection) URI.create(base + path).toURL().openConnection();
        call.setInstanceFollowRedirects(false); // the key is for this address alone
        call.setConnectTimeout(TIMEOUT_MS);
        call.setReadTimeout(TIMEOUT_MS);
        call.setRequestMethod("POST");
        call.setDoOutput(true);
        call.setRequestProperty("User-Agent", UpstreamHttp.USER_AGENT);
        call.setRequestProperty("Content-Type", "application/x-www-form-urlencoded");
        call.setRequestProperty("API-Key", key.apiKey().reveal());
        call.setRequestProperty("API-Sign", KrakenSignature.of(key.apiSecret().reveal(), path, nonce, body));
        call.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
        try (InputStream in = call.getInputStream()) {
            JsonNode answer = FrameCodec.tree(in.readNBytes(LONGEST_ANSWER));
            String error = answer.path("error").path(0).asText();
            if (!error.isEmpty()) {
                throw new Refused(RefusalText.of(error));
            }
        }
    }
}
