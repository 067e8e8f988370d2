package dev.fairlead.gateway.chat.operator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts into words how everything is: what needs somebody first.
 *
 * @param instances what {@code list_instances} said
 * @param agents what {@code list_agents} said
 * @param token what {@code token_state} said
 * @param deadLetters what {@code list_messages} said of those
 * @param waitingOrders what {@code list_orders} said of those that need confirmation
 */
record OverviewWords(
        JsonNode instances, JsonNode agents, JsonNode token, JsonNode deadLetters, JsonNode waitingOrders) {
    String say() {
        List<JsonNode> allInstances = Words.list(instances.path("instances"));
        List<JsonNode> allAgents = Words.list(agents.path("agents"));
        List<JsonNode> red = allInstances.stream().filter(Words::isRed).toList();
        List<JsonNode> gone = allAgents.stream()
                .filter(agent -> !agent.path("status").asText().equals("online"))
                .toList();
        int running = (int) allInstances.stream()
                .filter(one -> one.path("status").asText().equals("running"))
                .count();
        int online = allAgents.size() - gone.size();
        List<String> parts = new ArrayList<>();
        parts.add((red.isEmpty()
                        ? "Nothing is red. "
                        : Words.count(red.size(), "instance") + either(red.size(), " needs", " need") + " attention. ")
                + running + " of " + Words.count(allInstances.size(), "instance") + either(running, " runs, ", " run, ")
                + online + " of " + Words.count(allAgents.size(), "agent")
                + either(online, " is online. ", " are online. ") + Words.token(token));
        if (!red.isEmpty()) {
            parts.add(Words.rows(red, Words::instanceRow));
        }
        if (!gone.isEmpty()) {
            parts.add(Words.rows(gone, Words::agentRow));
        }
        waiting(waitingOrders.path("orders"), "order", " to be confirmed: /orders", parts);
        waiting(deadLetters.path("messages"), "dead letter", " to be looked at: /messages dead", parts);
        return String.join("\n", parts);
    }

    private static void waiting(JsonNode found, String what, String forWhat, List<String> parts) {
        if (!found.isEmpty()) {
            parts.add("- " + Words.count(found.size(), what) + either(found.size(), " waits", " wait") + forWhat);
        }
    }

    private static String either(int many, String one, String more) {
        return many == 1 ? one : more;
    }
}
