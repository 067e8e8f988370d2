package dev.fairlead.gateway.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes credentials from the environment, and tells by their look what is probably wrong with them. */
final class CredentialsReader {
    static final String CLIENT_SECRET = "TASTY_CLIENT_SECRET";
    static final String REFRESH_TOKEN = "TASTY_REFRESH_TOKEN";
    private static final String IS_TEST = "TASTY_IS_TEST";
    static final String API_KEY = "KRAKEN_API_KEY";
    static final String API_SECRET = "KRAKEN_API_SECRET";
    private static final Pattern JWT_BEGINS = Pattern.compile("eyJ.*", Pattern.DOTALL);
    private static final Pattern JWT = Pattern.compile("([\\w-]+)\\.([\\w-]+)\\.([\\w-]{20,})");
    private static final int KRAKEN_SECRET_BYTES = 64;

    private CredentialsReader() {}

    static UpstreamCredentials tastytrade(Map<String, String> environment) {
        Optional<String> problem = incomplete(environment, CLIENT_SECRET, REFRESH_TOKEN);
        if (problem.isPresent()) {
            return new UpstreamCredentials.Absent(problem.get());
        }
        String secret = environment.get(CLIENT_SECRET);
        String token = environment.get(REFRESH_TOKEN);
        boolean sandbox = "1".equals(environment.get(IS_TEST));
        if (isJwtLike(secret) && !isJwtLike(token)) {
            return new UpstreamCredentials.Absent(CLIENT_SECRET + " and " + REFRESH_TOKEN
                    + " are probably swapped: the first looks" + " like a refresh token, the second does not");
        }
        if (isJwtLike(secret)) {
            return new UpstreamCredentials.Absent(CLIENT_SECRET
                    + " holds a token; it is the OAuth application's client secret that" + " belongs there");
        }
        if (!isJwtLike(token)) {
            return new UpstreamCredentials.Absent(REFRESH_TOKEN
                    + " is no refresh token (those begin with 'eyJ'); a user name or" + " password does not serve");
        }
        Optional<JsonNode> payload = payload(token);
        if (payload.isEmpty()) {
            return new UpstreamCredentials.Absent(
                    REFRESH_TOKEN + " is probably truncated: it is not three whole parts joined by dots");
        }
        String issuer = payload.get().path("iss").asText();
        if (issuer.contains("tasty") && issuer.contains("cert") != sandbox) {
            return new UpstreamCredentials.Absent(
                    sandbox
                            ? REFRESH_TOKEN + " is of the live environment, but " + IS_TEST + "=1 asks for the"
                                    + " sandbox; unset it"
                            : REFRESH_TOKEN + " is of the sandbox; set " + IS_TEST + "=1");
        }
        return new UpstreamCredentials.Tastytrade(Secret.of(secret), Secret.of(token), sandbox);
    }

    static UpstreamCredentials kraken(Map<String, String> environment) {
        Optional<String> problem = incomplete(environment, API_KEY, API_SECRET);
        if (problem.isPresent()) {
            return new UpstreamCredentials.Absent(problem.get());
        }
        String key = environment.get(API_KEY);
        String secret = environment.get(API_SECRET);
        if (isKrakenSecret(secret)) {
            return new UpstreamCredentials.Kraken(Secret.of(key), Secret.of(secret));
        }
        return new UpstreamCredentials.Absent(
                isKrakenSecret(key)
                        ? API_KEY + " and " + API_SECRET + " are probably swapped"
                        : API_SECRET + " is probably truncated: it is the base64 of " + KRAKEN_SECRET_BYTES + " bytes");
    }

    /** Missing, or pasted with what does not belong to it. */
    private static Optional<String> incomplete(Map<String, String> environment, String... names) {
        List<String> missing = new ArrayList<>();
        for (String name : names) {
            String value = environment.getOrDefault(name, "");
            if (value.isBlank()) {
                missing.add(name);
            } else if (!value.matches("[\\x21-\\x7E]+") || value.matches("['\"].*['\"]")) {
                return Optional.of(name + " has blanks, line breaks or quotes in it; set the bare value");
            }
        }
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of("set " + String.join(" and ", missing) + " in the gateway's environment");
    }

    private static boolean isJwtLike(String text) {
        return JWT_BEGINS.matcher(text).matches();
    }

    private static Optional<JsonNode> payload(String token) {
        Matcher parts = JWT.matcher(token);
        if (!parts.matches()) {
            return Optional.empty();
        }
        try {
            FrameCodec.tree(Base64.getUrlDecoder().decode(parts.group(1)));
            return Optional.of(FrameCodec.tree(Base64.getUrlDecoder().decode(parts.group(2))));
        } catch (IllegalArgumentException | FairleadException e) {
            return Optional.empty();
        }
    }

    private static boolean isKrakenSecret(String text) {
        try {
            return Base64.getDecoder().decode(text).length == KRAKEN_SECRET_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
