package dev.fairlead.gateway.edge;

import dev.fairlead.gateway.edge.rest.RestRouter;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpServerRequest;

/** Refuses what is no proper HTTP request before anything tries to make sense of it. */
final class RequestSyntax {
    private static final int HEX = 16;

    private RequestSyntax() {}

    /** Whether each {@code %} of a request's target stands before two hex digits (RFC 3986, 2.1). */
    static boolean escapesAreWhole(String uri) {
        for (int at = uri.indexOf('%'); at >= 0; at = uri.indexOf('%', at + 1)) {
            if (at + 2 >= uri.length()
                    || Character.digit(uri.charAt(at + 1), HEX) < 0
                    || Character.digit(uri.charAt(at + 2), HEX) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Answers a request whose head the HTTP decoder could not read, and ends its connection. */
    static void refuse(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        if (cause instanceof TooLongHttpLineException) {
            refuse(request, "The request line is too long");
        } else if (cause instanceof TooLongHttpHeaderException) {
            refuse(request, "The headers of the request are too long");
        } else {
            refuse(request, "This is not an HTTP request");
        }
    }

    static void refuse(HttpServerRequest request, String why) {
        request.response().putHeader("Connection", "close");
        RestRouter.refuse(request.response(), new FairleadException(ErrorCode.BAD_REQUEST, why));
    }
}
