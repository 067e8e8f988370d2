package dev.fairlead.gateway.streams;

import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.StreamControl;
import dev.fairlead.protocol.StreamPosition;
import dev.fairlead.protocol.WebSocketFrames;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The numbered frames of one view: stamps each with {@code epoch} and {@code seq}, and keeps the latest, bounded in
 * count and bytes, for those that come back. Plain state, not thread-safe.
 */
final class FrameLog {
    private final String epoch;
    private final byte[] stampStart;
    private final int maxFrames;
    private final long maxBytes;
    private final ArrayDeque<EncodedFrames> ring = new ArrayDeque<>();
    private final Map<StreamPosition, Long> former = new HashMap<>(); // where frames of earlier lives stand in this
    private Optional<StreamPosition> recalled = Optional.empty();
    private long ringBytes;
    private long last;

    /**
     * Starts at sequence number 0.
     *
     * @param epoch tells this life of the stream from any other
     * @param maxFrames most frames kept
     * @param maxBytes most bytes kept, headers included
     */
    FrameLog(String epoch, int maxFrames, long maxBytes) {
        this.epoch = epoch;
        this.stampStart = (",\"epoch\":\"" + epoch + "\",\"seq\":").getBytes(StandardCharsets.US_ASCII);
        this.maxFrames = maxFrames;
        this.maxBytes = maxBytes;
    }

    StreamPosition position() {
        return new StreamPosition(epoch, last);
    }

    long last() {
        return last;
    }

    /** Numbers {@code json} as the next frame and keeps it. */
    EncodedFrames append(byte[] json) {
        last++;
        EncodedFrames frame = stamped(json, "");
        ring.addLast(frame);
        ringBytes += frame.bytes().length;
        while (ring.size() > maxFrames || (ringBytes > maxBytes && !ring.isEmpty())) {
            ringBytes -= ring.removeFirst().bytes().length;
        }
        return frame;
    }

    /** Frames that nobody can come back for any more are numbered and never made: what was before them is gone too. */
    void pass(long frames) {
        if (frames > 0) {
            last += frames;
            ring.clear();
            ringBytes = 0;
        }
    }

    /**
     * Takes up a frame of an earlier life of the stream, oldest first and before the first of this one: who left off
     * there goes on here. Frames that were told between two of them and are not taken up end that for all before.
     *
     * @param place where it stood then
     */
    void recall(StreamPosition place, byte[] json) {
        boolean goesOn =
                recalled.filter(before -> before.epoch().equals(place.epoch())).isPresent();
        if (goesOn && recalled.get().seq() + 1 != place.seq()) {
            forgetRecalled();
            goesOn = false;
        }
        if (!goesOn && place.seq() > 0) {
            former.put(new StreamPosition(place.epoch(), place.seq() - 1), last);
        }
        EncodedFrames unused = append(json);
        former.put(place, last);
        recalled = Optional.of(place);
    }

    /** Something was told after what was recalled last that cannot be: that ends it for all before. */
    void forgetRecalled() {
        former.clear();
        recalled = Optional.empty();
    }

    /** A snapshot as of the latest frame. */
    EncodedFrames snapshot(byte[] json, boolean resync) {
        return stamped(json, resync ? ",\"resync\":true" : "");
    }

    /** {@code resumed} and all frames after that position, where they are all still here. */
    Optional<EncodedFrames> resume(StreamPosition position) {
        Optional<StreamPosition> here = position.epoch().equals(epoch)
                ? Optional.of(position)
                : Optional.ofNullable(former.get(position)).map(seq -> new StreamPosition(epoch, seq));
        return here.flatMap(this::after);
    }

    private Optional<EncodedFrames> after(StreamPosition since) {
        if (since.seq() > last || since.seq() < last - ring.size()) {
            return Optional.empty();
        }
        EncodedFrames.Builder frames = new EncodedFrames.Builder();
        frames.add(FrameCodec.encode(StreamControl.Resumed.at(since)));
        long skip = ring.size() - (last - since.seq());
        for (EncodedFrames frame : ring) {
            if (skip-- <= 0) {
                frames.add(frame);
            }
        }
        return Optional.of(frames.build());
    }

    private EncodedFrames stamped(byte[] json, String extra) {
        int end = json.length - 1;
        if (end < 1 || json[0] != '{' || json[end] != '}') {
            throw new IllegalArgumentException("A frame is one compact JSON object with a type");
        }
        byte[] stamp = (last + extra + "}").getBytes(StandardCharsets.US_ASCII);
        return EncodedFrames.one(WebSocketFrames.textFrame(json, end, stampStart, stamp));
    }
}
