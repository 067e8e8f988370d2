package dev.fairlead.gateway.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;

/** Whether the gateway could listen, or one already does. */
final class PortCheck {

    private static final String SUBJECT = "port";
    private static final int TIMEOUT_MS = 2_000;
    private static final int LONGEST_ANSWER = 64 * 1024;

    private PortCheck() {}

    static Finding run(Settings.Http http) {
        String place = http.host() + " port " + http.port();
        try (ServerSocket probe = new ServerSocket()) {
            // As the gateway binds: connections of an earlier one that linger are no obstacle.
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByName(http.host()), http.port()));
            return Finding.good(SUBJECT, place + " is free");
        } catch (UnknownHostException e) {
            return Finding.fault(
                    SUBJECT,
                    "http.host " + http.host() + " is no address of this machine",
                    "set --host to one that is, such as 127.0.0.1");
        } catch (IOException e) {
            if (gatewayAnswers(http)) {
                return Finding.good(SUBJECT, place + " is held by a gateway that runs");
            }
            String remedy = http.port() > 0 && http.port() < 1024
                    ? "ports below 1024 need a privilege: choose another with --port"
                    : "choose another with --port, or stop what listens there (ss -ltnp 'sport = :" + http.port()
                            + "')";
            return Finding.fault(SUBJECT, place + " cannot be listened on: " + e.getMessage(), remedy);
        }
    }

    private static boolean gatewayAnswers(Settings.Http http) {
        String scheme = http.tls() ? "https" : "http";
        try {
            String host =
                    http.host().contains(":") && !http.host().startsWith("[") ? "[" + http.host() + "]" : http.host();
            URI live = URI.create(scheme + "://" + host + ":" + http.port() + "/api/health");
            HttpURLConnection call = (HttpURLConnection) live.toURL().openConnection();
            call.setInstanceFollowRedirects(false);
            call.setConnectTimeout(TIMEOUT_MS);
            call.setReadTimeout(TIMEOUT_MS);
            int status = call.getResponseCode();
            try (var in = status < 400 ? call.getInputStream() : call.getErrorStream()) {
                // One whose checks fail answers 503 with the same body, and is a gateway all the same.
                JsonNode body = in == null ? FrameCodec.object() : FrameCodec.tree(in.readNBytes(LONGEST_ANSWER));
                return body.path("uptime_seconds").isNumber()
                        && body.path("node").isTextual()
                        && body.path("checks").isObject();
            }
        } catch (IOException | IllegalArgumentException | FairleadException e) {
            return false;
        }
    }
}
