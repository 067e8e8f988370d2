package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** The lines of a log from a moment on, read page by page. */
final class LogRange {
    private static final int PAGE = 1000;

    private final GatewayCalls calls;
    private final String log;
    private final LogLinesText text;

    /**
     * On one log.
     *
     * @param log its path with the parameters of a filter
     */
    LogRange(GatewayCalls calls, String log, LogLinesText text) {
        this.calls = calls;
        this.log = log;
        this.text = text;
    }

    /**
     * Prints them.
     *
     * @param until lines of that time or later end it
     * @param first at most so many, the first ones
     * @param last at most so many, the last ones; held until the end is reached
     * @return the cursor behind the last page
     */
    String print(Instant since, Optional<Instant> until, Optional<Integer> first, Optional<Integer> last) {
        Deque<Runnable> held = new ArrayDeque<>();
        String place = "&at=" + GatewayCommand.encoded(since.toString());
        int left = first.orElse(Integer.MAX_VALUE);
        while (true) {
            JsonNode page = calls.get(log + "&lines=" + Math.min(PAGE, left) + place);
            boolean over = false;
            for (int i = 0; i < page.path("lines").size() && !over; i++) {
                String line = page.path("lines").path(i).asText();
                JsonNode time = page.path("times").path(i);
                over = until.isPresent()
                        && time.isTextual()
                        && !Instant.parse(time.asText()).isBefore(until.get());
                if (!over) {
                    left--;
                    show(() -> text.print(line, time), held, last);
                }
            }
            if (over || left == 0 || !page.path("more").asBoolean()) {
                held.forEach(Runnable::run);
                return page.path("end").asText();
            }
            place = "&after=" + page.path("end").asText();
        }
    }

    private static void show(Runnable line, Deque<Runnable> held, Optional<Integer> last) {
        if (last.isEmpty()) {
            line.run();
            return;
        }
        held.addLast(line);
        if (held.size() > last.get()) {
            held.removeFirst();
        }
    }
}
