package dev.fairlead.gateway.upstream;

import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * An upstream that gave no answer. The message is for people: where, and what was in the way; no class has a name
 * there.
 */
public final class Unreachable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Unreachable(String message) {
        super(message, null, false, false);
    }

    /** What {@code cause} means for a call to {@code uri}, of which only host and port are repeated. */
    public static Unreachable of(URI uri, Throwable cause) {
        return cause instanceof Unreachable told ? told : new Unreachable(at(uri) + ": " + reason(uri, cause));
    }

    private static String reason(URI uri, Throwable cause) {
        if (has(cause, UnknownHostException.class)) {
            return "the name " + uri.getHost() + " cannot be resolved";
        }
        if (has(cause, ConnectException.class)) {
            return said(cause).contains("timed out")
                    ? "no connection within the time allowed"
                    : "the connection was refused; nothing listens there";
        }
        if (has(cause, TimeoutException.class)) {
            return "no answer within the time allowed";
        }
        if (has(cause, SSLException.class)) {
            return "the TLS handshake failed: " + RefusalText.of(said(cause));
        }
        String said = RefusalText.of(said(cause));
        return said.isEmpty() ? "the connection failed" : "the connection failed: " + said;
    }

    private static boolean has(Throwable failure, Class<? extends Throwable> kind) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (kind.isInstance(at)) {
                return true;
            }
        }
        return false;
    }

    private static String said(Throwable cause) {
        return Optional.ofNullable(cause.getMessage()).orElse("");
    }

    private static String at(URI uri) {
        return uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
    }
}
