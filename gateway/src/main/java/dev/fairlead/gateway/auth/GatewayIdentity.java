package dev.fairlead.gateway.auth;

import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;
import javax.crypto.spec.SecretKeySpec;

/**
 * How a gateway proves to who can read its data folder that it is that folder's gateway: with a key from there, over a
 * nonce of the asker's and the address the asker dialled, so that nobody can have the real one answer for them. The
 * same class proves and checks. Thread-safe.
 */
public final class GatewayIdentity {
    /** In the data folder. */
    public static final String FILE = "identity-key";

    private static final int KEY_BYTES = 32;
    private static final Pattern NONCE = Pattern.compile("[A-Za-z0-9_-]{16,128}");

    private final SecretKeySpec key;

    private GatewayIdentity(byte[] key) {
        this.key = Hmac.key(key);
    }

    /**
     * The identity whose key is kept as that text.
     *
     * @throws IllegalArgumentException where it is no key
     */
    public static GatewayIdentity parse(String kept) {
        byte[] bytes = Base64.getDecoder().decode(kept.strip());
        if (bytes.length < KEY_BYTES) {
            throw new IllegalArgumentException("The identity key is too short");
        }
        return new GatewayIdentity(bytes);
    }

    /** A new key as it is kept. */
    public static String newKey() {
        return Base64.getEncoder().encodeToString(RandomBytes.of(KEY_BYTES));
    }

    /** A nonce to ask with. */
    public static String newNonce() {
        return HexFormat.of().formatHex(RandomBytes.of(KEY_BYTES));
    }

    /**
     * The proof: HMAC-SHA-256 in hexadecimal over the nonce, a line feed and {@code IP:port}.
     *
     * @param at the address of this end for who proves, the one dialled for who checks; IPv6 in brackets
     * @throws FairleadException {@code bad_request} where the nonce is none
     */
    public String proof(String nonce, InetAddress at, int port) {
        if (!NONCE.matcher(nonce).matches()) {
            throw new FairleadException(
                    ErrorCode.BAD_REQUEST, "Parameter 'challenge' is 16 to 128 letters, digits, '-' and '_'");
        }
        String proved = nonce + "\n" + text(at) + ":" + port;
        return HexFormat.of().formatHex(Hmac.of(key, proved.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String text(InetAddress address) {
        String text = NetUtil.toAddressString(address);
        return address instanceof Inet4Address ? text : "[" + text + "]";
    }

    @Override
    public String toString() {
        return "GatewayIdentity[********]";
    }
}
