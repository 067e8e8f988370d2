package dev.fairlead.gateway.bench;

import java.time.Duration;

/** A kind of work put on one server, over connections that stay open from round to round. */
interface Load extends AutoCloseable {
    /** Works the server for at least {@code duration}; what was begun is finished. */
    Sample round(Duration duration);

    @Override
    void close();
}
