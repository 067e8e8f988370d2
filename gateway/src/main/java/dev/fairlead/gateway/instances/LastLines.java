package dev.fairlead.gateway.instances;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;

/** The end of a log, for the reason of a failure. */
final class LastLines {
    private static final int BYTES = 2_048;
    private static final int LINES = 5;

    private LastLines() {}

    /** At most five whole lines of the last run, out of the last two kilobytes; none where the file cannot be read. */
    static List<String> of(Path log) {
        try (FileChannel file = FileChannel.open(log, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            long from = Math.max(0, file.size() - BYTES);
            ByteBuffer bytes = ByteBuffer.allocate(BYTES);
            while (bytes.hasRemaining() && file.read(bytes, from + bytes.position()) > 0) {
                // Reads on until the file ends.
            }
            List<String> lines = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(from > 0 ? 1 : 0) // its beginning is not there
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
            int run = lines.size();
            while (run > 0 && !InstanceLog.isStart(lines.get(run - 1))) {
                run--;
            }
            return lines.subList(Math.max(run, lines.size() - LINES), lines.size());
        } catch (IOException e) {
            return List.of();
        }
    }
}
