package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.VisibleText;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a conversation looks like in a shell: the answers on stdout, all else on stderr. What a gateway tells once more
 * after a lost connection, the turn that runs from its beginning, is shown once.
 */
final class ChatOutput {
    private static final int MOST_OUTPUT = 200;

    private final Console console;
    private final StringBuilder shown = new StringBuilder(); // of the turn that runs
    private final Set<String> notes = new HashSet<>(); // of the turn that runs
    private int heard; // characters of what is shown that this connection has told
    private boolean again; // what is told may have been told before
    private boolean voided;
    private boolean midLine;
    private boolean introduced;

    ChatOutput(Console console) {
        this.console = console;
    }

    void session(JsonNode start) {
        if (!introduced) {
            introduced = true;
            note("session " + start.path("session_id").asText()
                    + (start.path("resumed").asBoolean()
                            ? ", " + start.path("message_count").asInt() + " messages so far"
                            : ""));
        }
    }

    /** Another connection: the turn that runs is told from its beginning. */
    void joined() {
        heard = 0;
        again = true;
    }

    /** From here on all is new. */
    void caughtUp() {
        again = false;
    }

    void show(JsonNode frame) {
        switch (frame.path("type").asText()) {
            case "chunk" -> chunk(frame.path("content").asText());
            case "chunk_reset" -> voided = true;
            case "partial" -> settle(frame.path("content").asText());
            case "done" -> {
                settle(frame.path("full_response").asText());
                turnEnded();
            }
            case "aborted" -> {
                String partial = frame.path("partial_response").asText();
                if (!partial.isEmpty()) {
                    settle(partial);
                }
                note("aborted");
                turnEnded();
            }
            case "error" ->
                note(frame.path("code").asText() + ": "
                        + printable(frame.path("message").asText()));
            case "tool_call" ->
                once(
                        "call " + frame.path("id").asText(),
                        "→ " + printable(frame.path("name").asText()) + " "
                                + printable(cut(frame.path("args").toString())));
            case "tool_result" ->
                once(
                        "result " + frame.path("id").asText(),
                        "← " + printable(cut(frame.path("output").asText())));
            case "operator_status" -> {
                String status = printable(frame.path("phase").asText() + ": "
                        + frame.path("detail").asText());
                if (notes.add(status) || !again) {
                    note(status);
                }
            }
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

    /** What is told from here on is of another turn. */
    void turnEnded() {
        startAnew();
        notes.clear();
    }

    void ask(JsonNode call) {
        note("may it call " + printable(call.path("name").asText()) + "? y or n");
    }

    void end(Optional<String> session) {
        endLine();
        session.filter(id -> introduced).ifPresent(id -> note("go on later with: fairlead chat --session " + id));
    }

    void note(String text) {
        endLine();
        console.err().println("· " + text);
    }

    private void once(String key, String text) {
        if (notes.add(key)) {
            note(text);
        }
    }

    private void chunk(String text) {
        if (voided) {
            startAnew();
        }
        int known = Math.min(text.length(), shown.length() - heard);
        if (text.startsWith(shown.substring(heard, heard + known))) {
            heard += known;
            append(text.substring(known));
        } else { // the pieces before were voided while nobody heard it
            String whole = shown.substring(0, heard) + text;
            startAnew();
            append(whole);
        }
    }

    /** The answer is this, whatever the pieces so far. */
    private void settle(String whole) {
        String before = shown.toString();
        if (whole.startsWith(before)) {
            append(whole.substring(before.length()));
        } else if (!whole.strip().equals(before.strip())) {
            startAnew();
            append(whole);
        }
    }

    private void append(String text) {
        if (!text.isEmpty()) {
            shown.append(text);
            heard += text.length();
            console.out().print(text);
            console.out().flush();
            midLine = !text.endsWith("\n");
        }
    }

    private void startAnew() {
        endLine();
        shown.setLength(0);
        heard = 0;
        voided = false;
    }

    private void endLine() {
        if (midLine) {
            console.out().println();
            midLine = false;
        }
    }

    private static String cut(String text) {
        return VisibleText.cut(text.replace('\n', ' '), MOST_OUTPUT);
    }

    /** A note is one of ours: what stands in it is shown as what it is, a pipe's too. */
    private static String printable(String text) {
        return VisibleText.plain(text);
    }
}
