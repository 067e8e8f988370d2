package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.protocol.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * REST calls to the gateway, one at a time. On the JDK's old client: it is ready in a tenth of the time of the new one
 * (20 ms against 200 ms), which a command that makes one call feels.
 */
final class GatewayCalls {

    private static final int CONNECT_TIMEOUT_MS = 5_000;
    private static final int READ_TIMEOUT_MS = 60_000;
    /** The largest answer taken; a page of any list is far below. */
    private static final int MOST_ANSWER_BYTES = 64 << 20;

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;

    private final GatewayOptions options;
    private final URI url;
    private Optional<Secret> bearer;

    GatewayCalls(GatewayOptions options) {
        // Else the JDK sends a POST twice when the connection breaks before the answer.
        System.setProperty("sun.net.http.retryPost", "false");
        this.options = options;
        this.url = options.url();
        this.bearer = options.given();
    }

    private record Answer(int status, String body) {}

    JsonNode get(String path) {
        return call("GET", path, Optional.empty());
    }

    /** As {@link #get}; empty where there is no such thing. */
    Optional<JsonNode> find(String path) {
        Answer answer = answer("GET", path, Optional.empty());
        return answer.status() == NOT_FOUND ? Optional.empty() : Optional.of(json(answer));
    }

    JsonNode post(String path, JsonNode body) {
        return call("POST", path, Optional.of(body));
    }

    JsonNode delete(String path) {
        return call("DELETE", path, Optional.empty());
    }

    /**
     * One call.
     *
     * @throws CommandFailure for every answer but 2xx, and for none
     */
    private JsonNode call(String method, String path, Optional<JsonNode> body) {
        return json(answer(method, path, body));
    }

    private Answer answer(String method, String path, Optional<JsonNode> body) {
        Answer answer = send(method, path, body);
        if (answer.status() == UNAUTHORIZED && bearer.isEmpty()) {
            bearer = options.keptPassword();
            if (bearer.isPresent()) {
                answer = send(method, path, body);
            }
        }
        return answer;
    }

    private JsonNode json(Answer answer) {
        JsonNode json = parse(answer);
        if (answer.status() / 100 == 2) {
            return json;
        }
        throw refused(answer, json);
    }

    private Answer send(String method, String path, Optional<JsonNode> body) {
        try {
            HttpURLConnection call =
                    (HttpURLConnection) URI.create(url + path).toURL().openConnection();
            call.setRequestMethod(method);
            call.setInstanceFollowRedirects(false);
            call.setConnectTimeout(CONNECT_TIMEOUT_MS);
            call.setReadTimeout(READ_TIMEOUT_MS);
            call.setRequestProperty("Accept", "application/json");
            bearer.ifPresent(secret -> call.setRequestProperty("Authorization", "Bearer " + secret.reveal()));
            if (body.isPresent()) {
                call.setDoOutput(true);
                call.setRequestProperty("Content-Type", "application/json");
                call.getOutputStream().write(body.get().toString().getBytes(StandardCharsets.UTF_8));
            }
            int status = call.getResponseCode();
            try (InputStream in = status < 400 ? call.getInputStream() : call.getErrorStream()) {
                byte[] bytes = in == null ? new byte[0] : in.readNBytes(MOST_ANSWER_BYTES);
                return new Answer(status, new String(bytes, StandardCharsets.UTF_8));
            }
        } catch (ConnectException e) {
            throw unreachable(
                    "nothing listens there; start it with 'fairlead serve', or name another with" + " --gateway-url",
                    true);
        } catch (UnknownHostException e) {
            throw unreachable("its name is not known; check --gateway-url and FAIRLEAD_URL", true);
        } catch (SocketTimeoutException e) {
            throw unreachable("it does not answer in time", false);
        } catch (SocketException e) {
            throw unreachable("the connection broke", false);
        } catch (IOException e) {
            throw unreachable(e.getClass().getSimpleName() + ": " + e.getMessage(), false);
        }
    }

    private CommandFailure unreachable(String why, boolean outcomeKnown) {
        return new CommandFailure(
                ExitStatus.UNREACHABLE, "Cannot reach the gateway at " + url + ": " + why, outcomeKnown);
    }

    private JsonNode parse(Answer answer) {
        if (answer.body().isBlank()) {
            return JsonNodeFactory.instance.objectNode();
        }
        try {
            return JsonMapper.builder().build().readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw new CommandFailure(
                    ExitStatus.FAILED,
                    "What answers at " + url + " is not a gateway (status " + answer.status() + ", not JSON); check"
                            + " --gateway-url");
        }
    }

    private CommandFailure refused(Answer answer, JsonNode json) {
        String message = json.path("error").path("message").asText("status " + answer.status());
        if (answer.status() == UNAUTHORIZED || answer.status() == FORBIDDEN) {
            String mend = bearer.isPresent()
                    ? "the token or password given was refused"
                    : "set FAIRLEAD_ADMIN_PASSWORD, or give --password-file or --token-file";
            return new CommandFailure(ExitStatus.UNAUTHORIZED, message + " (" + mend + ")");
        }
        boolean outcomeKnown = !json.path("error").path("code").asText().equals(ErrorCode.OUTCOME_UNKNOWN.wire());
        return new CommandFailure(ExitStatus.FAILED, message, outcomeKnown);
    }
}
