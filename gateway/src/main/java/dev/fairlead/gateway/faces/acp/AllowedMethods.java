package dev.fairlead.gateway.faces.acp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.concurrent.Callable;

/** What an instance's agent is allowed to have done for it: files and commands, within its working folder. */
final class AllowedMethods implements ClientMethods {
    static final String FILES = "fs";
    static final String TERMINAL = "terminal";

    /** Bytes of a file that is read or written whole. */
    private static final int MOST_BYTES = 4 << 20;

    private final Context context;
    private final WorkingFolder folder;
    private final Set<String> allowed;
    private final Terminals terminals;

    AllowedMethods(Context context, WorkingFolder folder, Set<String> allowed, Terminals terminals) {
        this.context = context;
        this.folder = folder;
        this.allowed = Set.copyOf(allowed);
        this.terminals = terminals;
    }

    @Override
    public ObjectNode capabilities() {
        boolean files = allowed.contains(FILES);
        ObjectNode capabilities = FrameCodec.object();
        capabilities.putObject("fs").put("readTextFile", files).put("writeTextFile", files);
        return capabilities.put("terminal", allowed.contains(TERMINAL));
    }

    @Override
    public boolean asked(String method, JsonNode params, AcpPeer.Reply reply) {
        if (!allowed.contains(method.substring(0, Math.max(0, method.indexOf('/'))))) {
            return false;
        }
        switch (method) {
            case "fs/read_text_file" -> answer(() -> read(params), reply);
            case "fs/write_text_file" -> answer(() -> write(params), reply);
            case "terminal/create" -> answer(() -> terminals.create(folder, params), reply);
            case "terminal/output" -> answer(() -> terminals.require(params).output(), reply);
            case "terminal/kill" -> answer(() -> terminals.require(params).kill(), reply);
            case "terminal/release" -> answer(() -> terminals.release(params), reply);
            case "terminal/wait_for_exit" -> {
                try {
                    Future.fromCompletionStage(terminals.require(params).exit(), context)
                            .onSuccess(reply::result);
                } catch (IOException e) {
                    reply.refuse(AcpPeer.INVALID_PARAMS, e.getMessage());
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void answer(Callable<ObjectNode> work, AcpPeer.Reply reply) {
        context.executeBlocking(work, false).onSuccess(reply::result).onFailure(failure -> {
            if (failure instanceof NoSuchFileException) {
                reply.refuse(AcpPeer.NOT_FOUND, "Resource not found: " + failure.getMessage());
            } else if (failure instanceof IOException) {
                reply.refuse(AcpPeer.INVALID_PARAMS, failure.getMessage());
            } else {
                reply.refuse(AcpPeer.INTERNAL, String.valueOf(failure.getMessage()));
            }
        });
    }

    private ObjectNode read(JsonNode params) throws IOException {
        Path file = folder.existing(params.path("path").asText());
        long skip = Math.max(0, params.path("line").asLong(1) - 1);
        long most = params.path("limit").asLong(Long.MAX_VALUE);
        StringBuilder text = new StringBuilder();
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
            long line = 0;
            for (int character = in.read(); character >= 0 && line - skip < most; character = in.read()) {
                if (line >= skip) {
                    text.append((char) character);
                    if (text.length() > MOST_BYTES) {
                        throw new IOException("More than " + MOST_BYTES + " characters; ask for fewer lines (limit)");
                    }
                }
                line += character == '\n' ? 1 : 0;
            }
        }
        return FrameCodec.object().put("content", text.toString());
    }

    private ObjectNode write(JsonNode params) throws IOException {
        byte[] content = params.path("content").asText().getBytes(StandardCharsets.UTF_8);
        if (content.length > MOST_BYTES) {
            throw new IOException("More than " + MOST_BYTES + " bytes in one file");
        }
        Path file = folder.writable(params.path("path").asText());
        if (file.getParent() != null) {
            Files.createDirectories(file.getParent());
        }
        Path fresh = Files.createTempFile(file.toAbsolutePath().getParent(), ".fairlead", null);
        try {
            Files.write(fresh, content);
            if (Files.exists(file)) {
                Files.setPosixFilePermissions(fresh, Files.getPosixFilePermissions(file));
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
        return FrameCodec.object();
    }
}
