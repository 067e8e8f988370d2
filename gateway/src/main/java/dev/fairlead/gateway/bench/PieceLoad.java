package dev.fairlead.gateway.bench;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/**
 * Streams that all ask at about the same time and are answered piece by piece; how long each piece took from the model
 * to here.
 */
abstract class PieceLoad implements Load {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Streams do not all ask in the same millisecond. */
    private static final Duration BETWEEN = Duration.ofMillis(10);

    private final LoadLoop loop;
    private final int piecesASecond;
    private Histogram latencies = Sample.histogram();
    private long pieces;
    private int ended;

    PieceLoad(LoadLoop loop, int piecesASecond) {
        this.loop = loop;
        this.piecesASecond = piecesASecond;
    }

    /** How many streams there are. */
    abstract int streams();

    /**
     * Has one of them answered.
     *
     * @param content what the model is asked
     */
    abstract void ask(int stream, String content);

    @Override
    public final Sample round(Duration duration) {
        latencies = Sample.histogram();
        pieces = 0;
        ended = 0;
        long wanted = duration.toMillis() * piecesASecond / 1000;
        String content = wanted + " " + 1000 / piecesASecond;
        long begin = loop.now();
        for (int i = 0; i < streams(); i++) {
            ask(i, content);
            loop.run(BETWEEN);
        }
        loop.runUntil(() -> ended == streams(), duration.plus(PATIENCE));
        if (pieces != wanted * streams()) {
            throw new IllegalStateException(pieces + " pieces came of " + wanted * streams() + " that were sent");
        }
        return new Sample(pieces, loop.now() - begin, latencies);
    }

    /** An answer is whole. */
    final void ended() {
        ended++;
    }

    /** Measures all pieces that stand between the position and the limit. */
    final void measure(ByteBuffer payload) {
        int last = payload.limit() - ModelServerVerticle.MARK.length();
        for (int at = payload.position(); at < last; at++) {
            if (payload.get(at) == '"' && payload.get(at + 1) == 't' && payload.get(at + 2) == '=') {
                long sent = 0;
                int i = at + ModelServerVerticle.MARK.length();
                for (; payload.get(i) != ' '; i++) {
                    sent = sent * 10 + payload.get(i) - '0';
                }
                pieces++;
                latencies.recordValue(Math.max(0, loop.now() - sent));
                at = i;
            }
        }
    }
}
