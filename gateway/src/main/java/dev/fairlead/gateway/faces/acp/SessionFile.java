package dev.fairlead.gateway.faces.acp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which session of the agent belongs to which conversation, kept over restarts. Blocks: for workers. */
final class SessionFile {
    private final Path file;

    SessionFile(Path folder) {
        this.file = folder.resolve("acp-sessions.json");
    }

    /** What is kept, oldest first; nothing where the file is missing or holds something else. */
    Map<String, String> read() throws IOException {
        Map<String, String> kept = new LinkedHashMap<>();
        if (Files.exists(file)) {
            try {
                JsonNode all = FrameCodec.tree(Files.readAllBytes(file));
                all.properties()
                        .forEach(entry ->
                                kept.put(entry.getKey(), entry.getValue().asText()));
            } catch (FairleadException notJson) {
                return new LinkedHashMap<>(); // the agent is asked for new ones
            }
        }
        return kept;
    }

    void write(Map<String, String> sessions) throws IOException {
        Files.createDirectories(file.getParent());
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.write(fresh, FrameCodec.encode(sessions));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
