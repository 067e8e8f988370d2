package dev.fairlead.gateway.upstream.kraken;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** {@code API-Sign}: base64(HMAC-SHA512(secret, path ‖ SHA-256(nonce ‖ body))), as Kraken's API reference has it. */
public final class KrakenSignature {
    private KrakenSignature() {}

    /**
     * Signs one request.
     *
     * @param secret in base64, as Kraken gives it out
     * @param path of the request, without host and query
     * @param body the form as it is sent; it contains the nonce once more
     * @throws IllegalArgumentException where the secret is no base64 or empty
     */
    public static String of(String secret, String path, String nonce, String body) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            byte[] digest = sha256.digest((nonce + body).getBytes(StandardCharsets.UTF_8));
            Mac mac = Mac.getInstance("HmacSHA512");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret), "HmacSHA512"));
            mac.update(path.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(mac.doFinal(digest));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has SHA-256 and HmacSHA512", e);
        }
    }
}
