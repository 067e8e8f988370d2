package dev.fairlead.gateway.chat;

import dev.fairlead.gateway.time.StateMachine;
import dev.fairlead.protocol.ChatFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What was told of the turn that runs, for a socket that joins: adjoining pieces of text as one, from wherever it has
 * seen. Thinking and status that go beyond a bound lose their oldest part. Plain state.
 */
@StateMachine
final class TurnReplay {
    /** Something that was told, whole or in pieces. */
    private sealed interface Part {
        /** What of it is above a number. */
        Optional<Numbered> after(long n);
    }

    private record Whole(Numbered told) implements Part {
        @Override
        public Optional<Numbered> after(long n) {
            return told.n() > n ? Optional.of(told) : Optional.empty();
        }
    }

    /** Text that came in pieces: where each of them ends, and its number. */
    private static final class Text implements Part {
        private final boolean thinking;
        private final StringBuilder text = new StringBuilder();
        private long[] numbers = new long[16];
        private int[] ends = new int[16];
        private int pieces;

        Text(boolean thinking) {
            this.thinking = thinking;
        }

        void add(String piece, long n) {
            if (pieces == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * pieces);
                ends = Arrays.copyOf(ends, 2 * pieces);
            }
            text.append(piece);
            numbers[pieces] = n;
            ends[pieces++] = text.length();
        }

        @Override
        public Optional<Numbered> after(long n) {
            int found = Arrays.binarySearch(numbers, 0, pieces, n + 1);
            int first = found < 0 ? -found - 1 : found;
            if (first == pieces) {
                return Optional.empty();
            }
            String rest = text.substring(first == 0 ? 0 : ends[first - 1]);
            return Optional.of(new Numbered(
                    numbers[pieces - 1], thinking ? new ChatFrame.Thinking(rest) : new ChatFrame.Chunk(rest)));
        }
    }

    private final List<Part> parts = new ArrayList<>();
    private int passing;

    /** Takes note of a frame that was just told. */
    void told(Numbered told) {
        ChatFrame frame = told.frame();
        if (frame instanceof ChatFrame.Chunk chunk) {
            text(false).add(chunk.content(), told.n());
        } else if (frame instanceof ChatFrame.Thinking thought) {
            text(true).add(thought.content(), told.n());
            bound(thought.content().length());
        } else if (frame instanceof ChatFrame.ChunkReset) {
            parts.removeIf(part -> (part instanceof Text text && !text.thinking) || isReset(part));
            parts.add(new Whole(told));
        } else if (frame instanceof ChatFrame.OperatorStatus status) {
            parts.add(new Whole(told));
            bound(status.phase().length() + status.detail().length());
        } else if (frame instanceof ChatFrame.ToolCall || frame instanceof ChatFrame.ToolResult) {
            parts.add(new Whole(told));
        }
    }

    /** The frames that bring a socket that has seen nothing of the turn to where the others are. */
    List<Numbered> frames() {
        return parts.stream()
                .filter(part -> !isReset(part))
                .flatMap(part -> part.after(-1).stream())
                .toList();
    }

    /** The frames that bring a socket to where the others are that has seen all up to a number. */
    List<Numbered> framesAfter(long n) {
        return parts.stream().flatMap(part -> part.after(n).stream()).toList();
    }

    private Text text(boolean thinking) {
        Part last = parts.isEmpty() ? null : parts.get(parts.size() - 1);
        if (last instanceof Text text && text.thinking == thinking) {
            return text;
        }
        Text text = new Text(thinking);
        parts.add(text);
        return text;
    }

    private static boolean isReset(Part part) {
        return part instanceof Whole whole && whole.told().frame() instanceof ChatFrame.ChunkReset;
    }

    private void bound(int added) {
        passing += added;
        if (passing > ChatLimits.MAX_PASSING) {
            passing = 0;
            parts.removeIf(part -> (part instanceof Text text && text.thinking)
                    || (part instanceof Whole whole && whole.told().frame() instanceof ChatFrame.OperatorStatus));
        }
    }

    /** A turn began or ended. */
    void clear() {
        parts.clear();
        passing = 0;
    }
}
