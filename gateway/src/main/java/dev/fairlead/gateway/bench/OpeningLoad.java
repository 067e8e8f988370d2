package dev.fairlead.gateway.bench;

import java.nio.ByteBuffer;
import java.util.Optional;

/** Connections that are closed as soon as they are good, each followed by the next. */
final class OpeningLoad extends ClosedLoop {
    private static final int AT_ONCE = 16;

    /** Opens one connection, which tells this load once it is good. */
    @FunctionalInterface
    private interface Opener {
        void open(OpeningLoad load);
    }

    private final Opener opener;

    private OpeningLoad(LoadLoop loop, Opener opener) {
        super(loop);
        this.opener = opener;
    }

    /** TCP connections, good once a request was answered. */
    static OpeningLoad requests(LoadLoop loop, int port, String request) {
        return new OpeningLoad(
                loop,
                load -> loop.open(port, request, connection -> {
                    connection.close();
                    load.opened(connection.sentAt);
                }));
    }

    /** WebSockets, good once they are upgraded. */
    static OpeningLoad upgrades(LoadLoop loop, int port, String path, Optional<String> token) {
        return new OpeningLoad(loop, load -> {
            long began = loop.now();
            loop.open(port, path, token, new LoadConnection.Listener() {
                @Override
                public void opened(LoadConnection connection) {
                    connection.close();
                    load.opened(began);
                }

                @Override
                public void text(LoadConnection connection, ByteBuffer payload) {
                    // what comes with the upgrade
                }
            });
        });
    }

    @Override
    void begin() {
        for (int i = 0; i < AT_ONCE; i++) {
            open();
        }
    }

    @Override
    public void close() {
        // each was closed as soon as it was good
    }

    private void open() {
        began();
        opener.open(this);
    }

    private void opened(long began) {
        if (done(began)) {
            open();
        }
    }
}
