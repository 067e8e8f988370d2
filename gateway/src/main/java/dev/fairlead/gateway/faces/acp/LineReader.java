package dev.fairlead.gateway.faces.acp;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * Reads lines from a pipe on a thread of its own. At most {@link #MOST_WAITING} are read ahead of what is handled; the
 * rest waits in the pipe, and so does who writes.
 */
final class LineReader implements Runnable {
    /** Bytes of one line: a whole file goes in one, a fault of the other end does not go on for ever. */
    static final int MOST_BYTES = 8 << 20;

    static final int MOST_WAITING = 16;

    private final InputStream in;
    private final Consumer<String> lines;
    private final Consumer<String> end;
    private final Semaphore room = new Semaphore(MOST_WAITING);

    /**
     * A reader that has not begun.
     *
     * @param lines each without its end, on the reader's thread; {@link #handled} makes room for another
     * @param end why there are no more, once
     */
    LineReader(InputStream in, Consumer<String> lines, Consumer<String> end) {
        this.in = new BufferedInputStream(in, 64 << 10);
        this.lines = lines;
        this.end = end;
    }

    /** Begins. */
    void start(String name) {
        Thread thread = new Thread(this, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** One line less waits. */
    void handled() {
        room.release();
    }

    @Override
    public void run() {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            for (int octet = in.read(); octet >= 0; octet = in.read()) {
                if (octet == '\n') {
                    room.acquire();
                    lines.accept(line.toString(StandardCharsets.UTF_8));
                    line = new ByteArrayOutputStream();
                } else if (line.size() == MOST_BYTES) {
                    end.accept("it wrote a line longer than " + MOST_BYTES + " bytes");
                    return;
                } else {
                    line.write(octet);
                }
            }
            end.accept("it closed its output");
        } catch (IOException e) {
            end.accept("its output cannot be read: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
