package dev.fairlead.gateway.faces.acp;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Writes lines into a pipe on a thread of its own, however slowly the other end reads. */
final class LineWriter implements Runnable {
    /** Bytes that may wait for the other end to read. */
    static final long MOST_WAITING = 32 << 20;

    private final OutputStream out;
    private final Consumer<String> broken;
    private final BlockingQueue<byte[]> queue = new LinkedBlockingQueue<>();
    private final AtomicLong waiting = new AtomicLong();

    /**
     * A writer that has not begun.
     *
     * @param broken why nothing can be written any more; may be told more than once, from any thread
     */
    LineWriter(OutputStream out, Consumer<String> broken) {
        this.out = out;
        this.broken = broken;
    }

    /** Begins. */
    void start(String name) {
        Thread thread = new Thread(this, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Has a line written, its end included. */
    void write(byte[] line) {
        if (waiting.addAndGet(line.length) > MOST_WAITING) {
            broken.accept("it does not read its input: " + MOST_WAITING + " bytes wait");
            return;
        }
        queue.add(line);
    }

    @Override
    public void run() {
        try (out) {
            while (true) {
                byte[] line = queue.take();
                out.write(line);
                out.flush();
                waiting.addAndGet(-line.length);
            }
        } catch (IOException e) {
            broken.accept("its input is closed");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
