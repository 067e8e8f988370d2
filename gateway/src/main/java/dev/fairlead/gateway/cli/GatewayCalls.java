package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.settings.Secret;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** REST calls to the gateway, one at a time, in the name of who asks. */
final class GatewayCalls {
    private static final int UNAUTHORIZED = 401;
    private static final int NOT_FOUND = 404;

    private final GatewayHttp http;
    private final GatewayLogin login;
    private Optional<Secret> bearer = Optional.empty();
    private boolean begun;

    GatewayCalls(GatewayOptions options) {
        this.http = new GatewayHttp(options.url());
        this.login = new GatewayLogin(options);
    }

    JsonNode get(String path) {
        return call("GET", path, Optional.empty());
    }

    /** As {@link #get}; empty where there is no such thing. */
    Optional<JsonNode> find(String path) {
        GatewayHttp.Answer answer = answer("GET", path, Optional.empty());
        return answer.status() == NOT_FOUND ? Optional.empty() : Optional.of(json(answer));
    }

    JsonNode post(String path, JsonNode body) {
        return call("POST", path, Optional.of(body));
    }

    JsonNode patch(String path, JsonNode body) {
        return call("PATCH", path, Optional.of(body));
    }

    JsonNode put(String path, JsonNode body) {
        return call("PUT", path, Optional.of(body));
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

    /** Fetches what is no JSON into a file that is there. */
    void download(String path, Path into) {
        json(answer(credential -> http.fetch(path, into, credential)));
    }

    /** Reads what is no JSON as it comes. */
    void read(String path, GatewayHttp.Body into) {
        json(answer(credential -> http.fetch(path, into, credential)));
    }

    private GatewayHttp.Answer answer(String method, String path, Optional<JsonNode> body) {
        return answer(credential -> http.send(method, path, body, credential));
    }

    private GatewayHttp.Answer answer(Function<Optional<Secret>, GatewayHttp.Answer> call) {
        if (!begun) {
            begun = true;
            bearer = login.given();
        }
        GatewayHttp.Answer answer = call.apply(bearer);
        if (answer.status() == UNAUTHORIZED && bearer.isEmpty()) {
            bearer = login.kept();
            if (bearer.isPresent()) {
                answer = call.apply(bearer);
            }
        }
        return answer;
    }

    private JsonNode json(GatewayHttp.Answer answer) {
        JsonNode json = answer.json();
        if (answer.status() / 100 == 2) {
            return json;
        }
        throw login.refused(answer, bearer.isPresent());
    }
}
