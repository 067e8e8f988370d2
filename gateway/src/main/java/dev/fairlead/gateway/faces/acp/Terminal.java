package dev.fairlead.gateway.faces.acp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A command that runs for an agent, and the latest part of what it wrote. */
final class Terminal {
    /** Bytes of output that are held, whatever more is asked for. */
    static final int MOST_OUTPUT = 1 << 20;

    private static final int SIGNAL_BASE = 128;

    private final Process process;
    private final boolean ownGroup;
    private final int limit;
    private byte[] held = new byte[0];
    private boolean truncated;

    Terminal(Process process, boolean ownGroup, int wantedLimit) {
        this.process = process;
        this.ownGroup = ownGroup;
        this.limit = Math.max(0, Math.min(wantedLimit, MOST_OUTPUT));
        Thread thread = new Thread(this::read, "acp-terminal");
        thread.setDaemon(true);
        thread.start();
    }

    /** {@code terminal/output}. */
    synchronized ObjectNode output() {
        int from = 0;
        while (from < held.length && truncated && (held[from] & 0xC0) == 0x80) {
            from++; // what was cut was the beginning of a character
        }
        ObjectNode output = FrameCodec.object()
                .put("output", new String(held, from, held.length - from, StandardCharsets.UTF_8))
                .put("truncated", truncated);
        status().ifPresent(status -> output.set("exitStatus", status));
        return output;
    }

    /** {@code terminal/kill}: it and what it started; its output stays. */
    ObjectNode kill() {
        if (process.isAlive()) { // else its number may be another's by now
            ProcessGroups.signal(process, ownGroup, "KILL");
        }
        return FrameCodec.object();
    }

    /** {@code terminal/wait_for_exit}. */
    CompletableFuture<ObjectNode> exit() {
        return process.onExit().thenApply(over -> status().orElseThrow());
    }

    private Optional<ObjectNode> status() {
        if (process.isAlive()) {
            return Optional.empty();
        }
        int code = process.exitValue();
        ObjectNode status = FrameCodec.object();
        return Optional.of(
                code > SIGNAL_BASE
                        ? status.put("signal", String.valueOf(code - SIGNAL_BASE))
                        : status.put("exitCode", code));
    }

    private void read() {
        byte[] piece = new byte[8192];
        try (InputStream in = process.getInputStream()) {
            for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                append(piece, count);
            }
        } catch (IOException e) {
            // It was killed: what came before stands.
        }
    }

    private synchronized void append(byte[] piece, int count) {
        byte[] all = Arrays.copyOf(held, held.length + count);
        System.arraycopy(piece, 0, all, held.length, count);
        truncated |= all.length > limit;
        held = all.length > limit ? Arrays.copyOfRange(all, all.length - limit, all.length) : all;
    }
}
