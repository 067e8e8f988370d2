package dev.fairlead.gateway.upstream.simulator;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The one account of the simulator; its credentials open nothing else and are no secret. */
public final class SimulatedAccount {
    /** The client secret of its OAuth application. */
    public static final String CLIENT_SECRET = "5117a7edc11e175ec2e70f7a5117a7edc11e175e";

    /** A refresh token of the form real ones have: a JWT. */
    public static final String REFRESH_TOKEN = part("{\"alg\":\"EdDSA\",\"typ\":\"rt+jwt\"}") + "."
            + part("{\"iss\":\"https://simulator.invalid\",\"sub\":\"simulated\",\"jti\":\"1\"}") + "."
            + part("a signature that nobody checks, of some length");

    /** The account that orders go to. */
    public static final String ACCOUNT = "5WT00001";

    public static final String KRAKEN_KEY = "simulatedKrakenKeyThatOpensNothingAtAllXXXXXXXXXXXXXXXXX";

    /** The secret of Kraken's published example of a signature. */
    public static final String KRAKEN_SECRET =
            "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==";

    private SimulatedAccount() {}

    private static String part(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
