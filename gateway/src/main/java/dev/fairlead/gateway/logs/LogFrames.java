package dev.fairlead.gateway.logs;

import dev.fairlead.gateway.streams.EncodedFrames;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.LogsFrame;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Makes the frames of one filter class, once for all who watch through it. */
final class LogFrames {
    /** Text of one frame; a client's limit on frames is seldom lower than 64 KiB. A longer line stands alone in one. */
    private static final int FRAME_BYTES = 48 * 1024;

    /** What a line's time adds to a frame. */
    private static final int TIME_BYTES = 27;

    private static final byte[] ROTATED = FrameCodec.encode(new LogsFrame.Rotated());

    private final long log;
    private final Predicate<String> filter;

    /**
     * For one log and filter.
     *
     * @param log the id of its numbering, which cursors carry
     */
    LogFrames(long log, Predicate<String> filter) {
        this.log = log;
        this.filter = filter;
    }

    static EncodedFrames rotated() {
        return new EncodedFrames.Builder().add(ROTATED).build();
    }

    static EncodedFrames ended(String reason) {
        return new EncodedFrames.Builder()
                .add(FrameCodec.encode(new LogsFrame.Ended(reason)))
                .build();
    }

    EncodedFrames backlog(List<LogLine> lines, LineTimes times, long end) {
        return new EncodedFrames.Builder()
                .add(FrameCodec.encode(LogsFrame.Backlog.of(texts(lines), times.of(lines), cursor(end))))
                .build();
    }

    /**
     * What a stretch shows.
     *
     * @param always a frame, even if it has no line: the first one of a connection
     */
    EncodedFrames of(LogStretch stretch, LineTimes times, boolean always) {
        EncodedFrames.Builder frames = new EncodedFrames.Builder();
        for (LogPart part : stretch.parts()) {
            if (part instanceof LogPart.Lines lines) {
                add(lines.lines(), times, frames);
            } else if (part instanceof LogPart.Skipped skipped) {
                frames.add(FrameCodec.encode(new LogsFrame.Skipped(skipped.bytes())));
            } else {
                frames.add(ROTATED);
            }
        }
        if (always && frames.isEmpty()) {
            frames.add(lines(List.of(), List.of(), stretch.to()));
        }
        return frames.build();
    }

    String cursor(long position) {
        return new LogCursor(log, position).text();
    }

    private void add(List<LogLine> lines, LineTimes times, EncodedFrames.Builder frames) {
        List<LogLine> frame = new ArrayList<>();
        long bytes = 0;
        long end = 0;
        for (LogLine line : lines) {
            if (!filter.test(line.text())) {
                continue;
            }
            bytes += line.end() - line.start() + TIME_BYTES;
            if (bytes > FRAME_BYTES && !frame.isEmpty()) {
                frames.add(lines(texts(frame), times.of(frame), end));
                frame.clear();
                bytes = line.end() - line.start() + TIME_BYTES;
            }
            frame.add(line);
            end = line.end();
        }
        if (!frame.isEmpty()) {
            frames.add(lines(texts(frame), times.of(frame), end));
        }
    }

    private static List<String> texts(List<LogLine> lines) {
        return lines.stream().map(LogLine::text).toList();
    }

    private byte[] lines(List<String> lines, List<Optional<Instant>> times, long end) {
        return FrameCodec.encode(LogsFrame.Lines.of(lines, times, cursor(end)));
    }
}
