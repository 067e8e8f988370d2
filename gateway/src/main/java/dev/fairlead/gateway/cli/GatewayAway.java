package dev.fairlead.gateway.cli;

import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;

/** What there is to say of a gateway that cannot be reached: the same in every command. */
final class GatewayAway {
    private static final String NOBODY_LISTENS =
            "nothing listens there; start it with 'fairlead serve', or name another with --gateway-url";

    private static final String SILENT = "it does not answer in time";

    private GatewayAway() {}

    /** Where a connection could not be made, or broke before the answer. */
    static String words(URI gateway, Throwable failure) {
        return "Cannot reach the gateway at " + gateway + ": " + why(failure);
    }

    /**
     * As {@link #words}, as far as {@code reason}, in which a client that tries again tells its failure, is of that
     * kind.
     */
    static String mended(String reason) {
        return reason.startsWith("Cannot connect: Connection refused") ? reason + " (" + NOBODY_LISTENS + ")" : reason;
    }

    private static String why(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException) {
                return String.valueOf(cause.getMessage()).contains("timed out") ? SILENT : NOBODY_LISTENS;
            }
            if (cause instanceof UnknownHostException) {
                return "its name is not known; check --gateway-url and FAIRLEAD_URL";
            }
            if (cause instanceof SocketTimeoutException || cause instanceof HttpTimeoutException) {
                return SILENT;
            }
        }
        if (failure instanceof SocketException) {
            return "the connection broke";
        }
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
