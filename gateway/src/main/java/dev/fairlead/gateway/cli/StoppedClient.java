package dev.fairlead.gateway.cli;

import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.client.ConnectionState;

/** The exit code that follows from why a client gave up. */
final class StoppedClient {

    private StoppedClient() {}

    static ExitStatus status(ConnectionState.Stopped stopped) {
        return stopped.code().map(StoppedClient::status).orElse(ExitStatus.OK);
    }

    private static ExitStatus status(ErrorCode code) {
        return switch (code) {
            case UNAUTHORIZED, FORBIDDEN -> ExitStatus.UNAUTHORIZED;
            default -> ExitStatus.FAILED;
        };
    }
}
