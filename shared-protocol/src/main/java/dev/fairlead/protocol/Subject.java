package dev.fairlead.protocol;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an envelope on the agent socket is about: 1 to 16 tokens of {@code [A-Za-z0-9_-]} joined by dots, 255 characters
 * at most. Case matters.
 *
 * @param value the whole subject, as on the wire
 */
public record Subject(String value) implements Comparable<Subject> {
    public static final int MAX_LENGTH = 255;
    public static final int MAX_TOKENS = 16;

    /**
     * The first words of what the gateway says or is told: no agent may have such a subject passed on to another, and a
     * client believes them only of an envelope without {@code from}.
     */
    public static final Set<String> RESERVED =
            Set.of("agent", "message", "chat", "token", "quote", "order", "log", "inbox", "test", "error");

    private static final String RESERVED_WORDS = RESERVED.stream().sorted().collect(Collectors.joining(", "));
    private static final String INBOX = "inbox.";
    private static final String AGENTS = "agents.";

    /**
     * Checks the text.
     *
     * @throws FairleadException {@code invalid_envelope}, where it is no subject; the message says the rule
     */
    public Subject {
        if (!isValid(value)) {
            throw new FairleadException(
                    ErrorCode.INVALID_ENVELOPE,
                    "Not a subject: use 1 to 16 tokens of A-Z a-z 0-9 _ - joined by dots, 255 characters at most");
        }
    }

    /** The same as the constructor, for a text that came from outside. */
    public static Subject parse(String text) {
        return new Subject(text);
    }

    public static boolean isValid(String text) {
        int length = text.length();
        if (length == 0 || length > MAX_LENGTH) {
            return false;
        }
        int tokens = 1;
        int tokenLength = 0;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c == '.') {
                if (tokenLength == 0 || ++tokens > MAX_TOKENS) {
                    return false;
                }
                tokenLength = 0;
            } else if (isTokenChar(c)) {
                tokenLength++;
            } else {
                return false;
            }
        }
        return tokenLength > 0;
    }

    /** Whether a character may stand in a token of a subject. */
    static boolean isTokenChar(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    }

    /** The parts between the dots; at least one. */
    public List<String> tokens() {
        return List.of(value.split("\\.", -1));
    }

    /** Whether this is where a reply goes: {@code inbox.…}. It counts only on the connection that was asked. */
    public boolean isInbox() {
        return value.startsWith(INBOX);
    }

    /** Whether it begins with one of the {@link #RESERVED} words: only the gateway may say it to an agent. */
    public boolean isReserved() {
        int dot = value.indexOf('.');
        return RESERVED.contains(dot < 0 ? value : value.substring(0, dot));
    }

    /**
     * Checks that it may be said to an agent by others than the gateway.
     *
     * @throws FairleadException {@code reserved_subject}, where it {@link #isReserved()}
     */
    public void requireUnreserved() {
        if (isReserved()) {
            throw new FairleadException(
                    ErrorCode.RESERVED_SUBJECT,
                    "Only the gateway says '" + value + "' to an agent; what it is asked by others begins with another"
                            + " word than " + RESERVED_WORDS);
        }
    }

    /**
     * Reads {@code agents.<name>.<rest…>}, a request for another agent. Empty where this is none, which includes a name
     * that no agent can have and a missing rest.
     */
    public Optional<AgentTarget> agentTarget() {
        if (!value.startsWith(AGENTS)) {
            return Optional.empty();
        }
        int dot = value.indexOf('.', AGENTS.length());
        if (dot < 0) {
            return Optional.empty();
        }
        String name = value.substring(AGENTS.length(), dot);
        return Names.isValid(name)
                ? Optional.of(new AgentTarget(name, new Subject(value.substring(dot + 1))))
                : Optional.empty();
    }

    /**
     * Where a request without a {@code reply} is answered: {@code <subject>.ack}.
     *
     * @throws FairleadException {@code invalid_envelope}, where that would be too long to be a subject
     */
    public Subject ack() {
        return new Subject(value + ".ack");
    }

    @Override
    public int compareTo(Subject other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }

    /**
     * A request passed from agent to agent.
     *
     * @param name the agent that is asked
     * @param rest the subject it sees
     */
    public record AgentTarget(String name, Subject rest) {}
}
