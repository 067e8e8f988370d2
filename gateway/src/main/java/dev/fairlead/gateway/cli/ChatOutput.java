package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** What a conversation looks like in a shell: the answers on stdout, all else on stderr. */
final class ChatOutput {
    private static final int MOST_OUTPUT = 200;

    private final Console console;
    private boolean midLine;
    private boolean chunks;
    private boolean told;

    ChatOutput(Console console) {
        this.console = console;
    }

    void session(JsonNode start) {
        if (!told) {
            told = true;
            note("session " + start.path("session_id").asText()
                    + (start.path("resumed").asBoolean()
                            ? ", " + start.path("message_count").asInt() + " messages so far"
                            : ""));
        }
    }

    void show(JsonNode frame) {
        switch (frame.path("type").asText()) {
            case "chunk" -> {
                String text = printable(frame.path("content").asText());
                console.out().print(text);
                console.out().flush();
                chunks = true;
                midLine = !text.endsWith("\n");
            }
            case "done" -> {
                if (!chunks) {
                    console.out().print(printable(frame.path("full_response").asText()));
                    midLine = true;
                }
                endLine();
                chunks = false;
            }
            case "aborted" -> {
                note("aborted");
                chunks = false;
            }
            case "error" -> {
                note(frame.path("code").asText() + ": "
                        + printable(frame.path("message").asText()));
                chunks = false;
            }
            case "tool_call" ->
                note("→ " + printable(frame.path("name").asText()) + " "
                        + printable(cut(frame.path("args").toString())));
            case "tool_result" -> note("← " + printable(cut(frame.path("output").asText())));
            case "operator_status" ->
                note(printable(frame.path("phase").asText() + ": "
                        + frame.path("detail").asText()));
            case "agent_event" -> {
                JsonNode event = frame.path("event");
                if (event.path("type").asText().equals("user_message")) {
                    note("somebody else asks: "
                            + printable(cut(event.path("content").asText())));
                }
            }
            default -> {} // thinking is for pages; what is not known yet is nobody's here
        }
    }

    void ask(JsonNode call) {
        note("may it call " + printable(call.path("name").asText()) + "? y or n");
    }

    void end(Optional<String> session) {
        endLine();
        session.filter(id -> told).ifPresent(id -> note("go on later with: fairlead chat --session " + id));
    }

    private void note(String text) {
        endLine();
        console.err().println("· " + text);
    }

    private void endLine() {
        if (midLine) {
            console.out().println();
            midLine = false;
        }
    }

    private static String cut(String text) {
        String line = text.replace('\n', ' ');
        return line.length() <= MOST_OUTPUT ? line : line.substring(0, MOST_OUTPUT) + "…";
    }

    /** What an agent says must not steer the terminal. */
    private static String printable(String text) {
        return text.codePoints()
                .filter(c -> c == '\n' || c == '\t' || !Character.isISOControl(c))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
