package dev.fairlead.gateway.upstream.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code POST /oauth/token}, and whether a call carries a good access token. On the simulator's event loop only. */
final class TastytradeOAuth {
    private static final Pattern JWT = Pattern.compile("[\\w-]+\\.[\\w-]+\\.[\\w-]+");

    /** After so many refusals the address is blocked and its calls hang. */
    private static final int REFUSALS_UNTIL_BLOCKED = 20;

    private final Faults faults;
    private final Counters counters;
    private final IssuedTokens accessTokens;
    private String refreshToken = SimulatedAccount.REFRESH_TOKEN;
    private int refusals;
    private int rotations;

    TastytradeOAuth(Faults faults, Counters counters, IssuedTokens accessTokens) {
        this.faults = faults;
        this.counters = counters;
        this.accessTokens = accessTokens;
    }

    void token(RoutingContext context) {
        if (refusals >= REFUSALS_UNTIL_BLOCKED) {
            counters.count("blocked");
            return; // never answered
        }
        String authorization = context.request().getHeader("Authorization");
        if (authorization != null && !authorization.isBlank() && !authorization.equals("null")) {
            counters.count("violation.oauth_authorization_header");
            refuse(context, "invalid_request", "The token call takes no Authorization header");
            return;
        }
        Optional<JsonNode> form = form(context);
        if (form.isEmpty()) {
            refuse(context, "invalid_request", "Neither JSON nor a form");
            return;
        }
        String given = form.get().path("refresh_token").asText();
        if (faults.happens(Fault.INVALID_GRANT)) {
            refuse(context, "invalid_grant", "Invalid JWT");
        } else if (faults.happens(Fault.INVALID_REQUEST)) {
            refuse(context, "invalid_request", "User is not a TastyTrade customer");
        } else if (faults.happens(Fault.INVALID_GRANT_401)) {
            refusals++;
            RestGate.json(
                    context,
                    401,
                    FrameCodec.object().put("error", "invalid_grant").put("error_description", "Grant revoked"));
        } else if (!form.get().path("grant_type").asText().equals("refresh_token")) {
            refuse(context, "unsupported_grant_type", "Only refresh_token");
        } else if (!JWT.matcher(given).matches()) {
            refuse(context, "invalid_grant", "Invalid JWT");
        } else if (!given.equals(refreshToken)) {
            refuse(
                    context,
                    "invalid_grant",
                    given.startsWith(refreshToken.substring(0, 20)) ? "Invalid JWT" : "Grant revoked");
        } else if (!form.get().path("client_secret").asText().equals(SimulatedAccount.CLIENT_SECRET)) {
            refuse(context, "invalid_client", "Client authentication failed");
        } else {
            grant(context);
        }
    }

    /** Passes on a call with a good access token, refuses any other. */
    void authenticated(RoutingContext context, Runnable then) {
        String header = Optional.ofNullable(context.request().getHeader("Authorization"))
                .orElse("");
        boolean bearer = header.startsWith("Bearer ");
        if (bearer
                && accessTokens.isValid(header.substring("Bearer ".length()))
                && !faults.happens(Fault.EXPIRED_ACCESS_TOKEN)) {
            then.run();
            return;
        }
        counters.count(bearer ? "violation.bad_access_token" : "violation.no_access_token");
        RestGate.error(context, 401, "token_invalid", "This token is invalid or has expired");
    }

    private void grant(RoutingContext context) {
        refusals = 0;
        ObjectNode granted = FrameCodec.object()
                .put("access_token", accessTokens.issue())
                .put("token_type", "Bearer")
                .put("expires_in", accessTokens.life().toSeconds());
        if (faults.happens(Fault.ROTATE_REFRESH_TOKEN)) {
            refreshToken = SimulatedAccount.REFRESH_TOKEN.replaceFirst(
                    "[^.]+$",
                    Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[] {1, 2, (byte) ++rotations}));
            granted.put("refresh_token", refreshToken);
        }
        counters.count("oauth_granted");
        RestGate.json(context, 200, granted);
    }

    private void refuse(RoutingContext context, String code, String description) {
        refusals++;
        counters.count("oauth_refused");
        RestGate.json(context, 400, FrameCodec.object().put("error_code", code).put("error_description", description));
    }

    /** The body, sent as JSON or as a form. */
    private static Optional<JsonNode> form(RoutingContext context) {
        String type =
                Optional.ofNullable(context.request().getHeader("Content-Type")).orElse("");
        if (type.startsWith("application/x-www-form-urlencoded")) {
            MultiMap attributes = context.request().formAttributes();
            ObjectNode form = FrameCodec.object();
            attributes.forEach(entry -> form.put(entry.getKey(), entry.getValue()));
            return Optional.of(form);
        }
        return RestBody.json(context);
    }
}
