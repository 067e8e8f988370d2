package dev.fairlead.gateway.chat;

import java.util.Map;
import java.util.Optional;

/** What a model is told of the page of the dashboard its user looks at. */
final class PageHints {
    private static final Map<String, String> HINTS = Map.of(
            "instances",
            "The user looks at the list of instances: processes this gateway supervises. list_instances shows them,"
                    + " start_instance, stop_instance and restart_instance change them, read_log says why one failed.",
            "logs",
            "The user looks at logs. read_log shows the latest lines of an instance or agent, search_log finds text in"
                    + " them.",
            "messages",
            "The user looks at messages between agents. list_messages shows them by status or agent, get_message one of"
                    + " them with its attempts, retry_message revives a dead letter, send_message sends a new one.",
            "agents",
            "The user looks at the agents and whether they are online. list_agents shows them; an agent may also be an"
                    + " instance of the same name.",
            "quotes",
            "The user looks at market quotes. get_quotes gives bid, ask and age, token_state whether the upstream"
                    + " session is good.",
            "orders",
            "The user looks at orders. list_orders shows them; confirm_order lets one go out, which cannot be taken"
                    + " back.");

    private PageHints() {}

    /** Empty for a page that is none of ours. */
    static Optional<String> of(String page) {
        return Optional.ofNullable(HINTS.get(page));
    }
}
