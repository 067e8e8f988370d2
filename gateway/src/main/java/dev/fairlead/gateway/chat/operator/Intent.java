package dev.fairlead.gateway.chat.operator;

import java.util.List;
import java.util.Optional;

/** What somebody wants, as the {@link Grammar} understood it. */
sealed interface Intent {
    record Help() implements Intent {}

    record Greeting() implements Intent {}

    /** How everything is. */
    record Overview() implements Intent {}

    record Instances(boolean archivedToo) implements Intent {}

    /** The instances that are red. */
    record Failed() implements Intent {}

    record Happened(int minutes) implements Intent {}

    record Agents() implements Intent {}

    /** How something of that name is, be it an instance, an agent or both. */
    record About(String name) implements Intent {}

    /** The instances that a selector means. */
    record Labelled(String selector) implements Intent {}

    /** The action, start, stop or restart, is done to all that the selector means. */
    record ActOnMany(String action, String selector) implements Intent {}

    /** The tool is one of {@code start_instance}, {@code stop_instance}, {@code restart_instance}. */
    record Act(String tool, String name) implements Intent {}

    record Log(String name, int lines) implements Intent {}

    record SearchLog(String name, String text) implements Intent {}

    record Messages(Optional<String> agent, Optional<String> status) implements Intent {}

    record Message(String id) implements Intent {}

    /** The payload is JSON where it looks like it, else a text. */
    record Send(String to, String type, String payload) implements Intent {}

    record Retry(String id) implements Intent {}

    record Token() implements Intent {}

    record RefreshToken() implements Intent {}

    record Quotes(List<String> symbols) implements Intent {}

    record Orders() implements Intent {}

    record ConfirmOrder(String id) implements Intent {}

    /**
     * Something is missing or malformed.
     *
     * @param usage how it is done
     */
    record Incomplete(String usage) implements Intent {}

    /**
     * None of the above.
     *
     * @param closest the command that was probably meant
     */
    record Unknown(Optional<String> closest) implements Intent {}
}
