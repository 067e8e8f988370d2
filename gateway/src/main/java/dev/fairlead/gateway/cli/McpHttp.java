package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.settings.Secret;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Messages to the gateway's {@code /mcp}, in the name of who asks. May be used from any thread. */
final class McpHttp {
    private static final int UNAUTHORIZED = 401;

    private final GatewayHttp http;
    private final GatewayLogin login;
    private Optional<Secret> bearer = Optional.empty();
    private boolean begun;

    McpHttp(GatewayOptions options) {
        this.http = new GatewayHttp(options.url());
        this.login = new GatewayLogin(options);
    }

    /**
     * Sends a message.
     *
     * @param answers takes each message that comes back, as text of one line
     * @return the status of the answer
     * @throws CommandFailure where there is none
     */
    int send(JsonNode message, Map<String, String> headers, Consumer<String> answers) {
        Optional<Secret> given = given();
        int[] status = new int[1];
        StringBuilder refusal = new StringBuilder();
        status[0] = exchange(message, headers, given, given.isEmpty() ? refusal::append : answers, answers);
        if (status[0] == UNAUTHORIZED && given.isEmpty()) {
            Optional<Secret> kept = kept();
            if (kept.isPresent()) {
                return exchange(message, headers, kept, answers, answers);
            }
        }
        if (refusal.length() > 0) {
            answers.accept(refusal.toString());
        }
        return status[0];
    }

    private int exchange(
            JsonNode message,
            Map<String, String> headers,
            Optional<Secret> credential,
            Consumer<String> refusals,
            Consumer<String> answers) {
        Map<String, String> all = new TreeMap<>(headers);
        credential.ifPresent(secret -> all.put("Authorization", "Bearer " + secret.reveal()));
        return http.exchangeMessages("/mcp", message, all, refusals, answers);
    }

    private synchronized Optional<Secret> given() {
        if (!begun) {
            begun = true;
            bearer = login.given();
        }
        return bearer;
    }

    private synchronized Optional<Secret> kept() {
        if (bearer.isEmpty()) {
            bearer = login.kept();
        }
        return bearer;
    }
}
