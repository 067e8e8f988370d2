package dev.fairlead.gateway.prove;

import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** An instance of the gateway's that writes lines, and is known among all processes by a word of its own. */
final class SampleInstance {
    private static final String NAME = "prove-writer";

    private final String mark;

    private SampleInstance(String mark) {
        this.mark = mark;
    }

    /** Creates and starts it. */
    static SampleInstance start(ServedProcess gateway, long seed) throws IOException, InterruptedException {
        String mark = "prove-" + Long.toHexString(seed) + "-" + gateway.port();
        ok(gateway.send(
                "POST",
                "/api/instances",
                new String(
                        FrameCodec.encode(Map.of(
                                "name",
                                NAME,
                                "command",
                                List.of("/bin/sh", "-c", "while :; do echo a line; sleep 0.1; done", mark),
                                "restart",
                                "always")),
                        StandardCharsets.UTF_8)));
        ok(gateway.send("POST", "/api/instances/" + NAME + "/start", ""));
        return new SampleInstance(mark);
    }

    /** How many of it run now; the words of its command are those of no other process. */
    int count() {
        return (int) ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .arguments()
                        .filter(words -> List.of(words).contains(mark))
                        .isPresent())
                .count();
    }

    private static void ok(ServedProcess.Answer answer) throws IOException {
        if (answer.status() / 100 != 2) {
            throw new IOException("The gateway does not run an instance: " + answer.body());
        }
    }
}
