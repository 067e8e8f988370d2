package dev.fairlead.gateway.chat.operator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Puts into words what tools say. Markdown, as little of it as reads well as plain text too. */
final class Words {
    private static final Pattern COLOURS = Pattern.compile("\u001B\\[[0-9;]*m");
    private static final int MOST_ROWS = 50;

    private Words() {}

    static String help() {
        return """
                I answer questions about this gateway and do what you ask. In words, or as a command:

                /status – how everything is · /show NAME – one instance or agent, and why it is red
                /instances · /failed · /events [MINUTES] · /start NAME · /stop NAME · /restart NAME (or KEY=VALUE, a label)
                /logs NAME [LINES] · /search NAME TEXT
                /agents · /messages [NAME|STATUS] · /message ID · /send NAME TYPE [PAYLOAD] · /retry ID
                /token · /refresh · /quote SYMBOL… · /orders · /confirm ORDER-ID · /help

                For example: “what is worker-1 doing and why is it red?”, “list instances”, “show the log of worker-1”.""";
    }

    static String greeting() {
        return "Hello. Ask me how things are, or say /help for all I can do.";
    }

    static String unknown(Optional<String> closest) {
        return closest.map(command -> "I do not understand that; did you mean " + command + "? ")
                        .orElse("I do not understand that. ")
                + "I know this gateway's instances, logs, agents, messages, token, quotes and orders; /help lists what"
                + " you can say.";
    }

    static String refused(JsonNode error) {
        return "That did not work: " + error.path("message").asText("no reason was given");
    }

    static String instances(JsonNode output) {
        List<JsonNode> all = list(output.path("instances"));
        if (all.isEmpty()) {
            return "There are no instances. Create one with: fairlead instances create NAME -- COMMAND";
        }
        return count(all.size(), "instance") + ":\n" + rows(all, Words::instanceRow);
    }

    static String labelled(JsonNode output) {
        List<JsonNode> all = list(output.path("instances"));
        return all.isEmpty() ? "No instance has that label." : instances(output);
    }

    /** Those that need somebody, and why. */
    static String failed(JsonNode output) {
        List<JsonNode> all = list(output.path("instances"));
        List<JsonNode> red = all.stream().filter(Words::isRed).toList();
        return red.isEmpty()
                ? "None of " + count(all.size(), "instance") + " has failed."
                : red.size() + " of " + count(all.size(), "instance") + (red.size() == 1 ? " is red:\n" : " are red:\n")
                        + rows(red, Words::instanceRow);
    }

    static String agents(JsonNode output) {
        List<JsonNode> all = list(output.path("agents"));
        if (all.isEmpty()) {
            return "No agent has registered yet. Make a token for one with: fairlead token create NAME";
        }
        return count(all.size(), "agent") + ":\n" + rows(all, Words::agentRow);
    }

    static String acted(String tool, JsonNode instance) {
        String status = instance.path("status").asText();
        String verb =
                switch (tool) {
                    case "start_instance" -> "Starting ";
                    case "stop_instance" -> "Stopping ";
                    default -> "Restarting ";
                };
        return verb + instance.path("name").asText() + "; it is " + status + " now.";
    }

    static String log(String name, JsonNode page) {
        List<String> lines = texts(page.path("lines"));
        return lines.isEmpty()
                ? "The log of " + name + " is empty."
                : "The last " + count(lines.size(), "line") + " of " + name + ":\n\n" + block(lines);
    }

    static String found(Intent.SearchLog search, JsonNode page) {
        List<String> lines = texts(page.path("lines"));
        return lines.isEmpty()
                ? "No line of " + search.name() + " has “" + search.text() + "” in it."
                : count(lines.size(), "line") + " of " + search.name() + " with “" + search.text() + "”:\n\n"
                        + block(lines);
    }

    static String messages(JsonNode output) {
        List<JsonNode> all = list(output.path("messages"));
        return all.isEmpty()
                ? "There are no such messages."
                : "The latest, newest first:\n" + rows(all, Words::messageRow);
    }

    static String message(JsonNode found) {
        JsonNode summary = found.path("summary");
        String attempts = list(found.path("attempts")).stream()
                .map(attempt -> "- attempt " + attempt.path("attempt").asInt() + ": "
                        + attempt.path("outcome").asText("under way")
                        + (attempt.hasNonNull("detail")
                                ? ", " + attempt.path("detail").asText()
                                : ""))
                .collect(Collectors.joining("\n"));
        return messageRow(summary).substring(2) + (attempts.isEmpty() ? "; nobody has taken it yet." : "\n" + attempts);
    }

    static String sent(JsonNode sent) {
        return "Sent: message " + sent.path("message_id").asText() + " is "
                + sent.path("status").asText() + ".";
    }

    static String retried(JsonNode settled) {
        return "Message " + settled.path("message_id").asText() + " goes out again; it is "
                + settled.path("status").asText() + " now.";
    }

    static String token(JsonNode token) {
        String state = token.path("state").asText();
        return "The upstream token is " + state.replace('_', ' ')
                + (token.hasNonNull("age_seconds")
                        ? ", " + token.path("age_seconds").asLong() + " s old"
                        : "")
                + (token.hasNonNull("reason") ? ": " + token.path("reason").asText() : "") + ".";
    }

    static String about(String name, Optional<JsonNode> instance, Optional<JsonNode> agent, Optional<JsonNode> log) {
        List<String> parts = new ArrayList<>();
        instance.ifPresent(one -> parts.add(aboutInstance(name, one)));
        agent.ifPresent(one -> parts.add((instance.isPresent() ? "As an agent it is " : "Agent " + name + " is ")
                + one.path("status").asText()
                + (one.hasNonNull("last_seen")
                        ? ", last seen " + one.path("last_seen").asText()
                        : "") + "."));
        boolean red = instance.filter(Words::isRed).isPresent();
        log.map(page -> texts(page.path("lines")))
                .filter(lines -> !lines.isEmpty())
                .ifPresent(lines -> parts.add((red ? "Its last words:" : "Its latest lines:") + "\n\n" + block(lines)));
        if (red) {
            parts.add("Once the cause is mended: /start " + name);
        }
        return String.join("\n", parts);
    }

    static String nobody(String name) {
        return "There is neither an instance nor an agent named " + name + ". /instances and /agents list those there"
                + " are.";
    }

    private static String aboutInstance(String name, JsonNode one) {
        String status = one.path("status").asText();
        StringBuilder text = new StringBuilder("Instance " + name + " is " + status);
        if (one.hasNonNull("started_at") && status.equals("running")) {
            text.append(" since ").append(one.path("started_at").asText());
        }
        if (one.hasNonNull("pid")) {
            text.append(", pid ").append(one.path("pid").asLong());
        }
        if (one.hasNonNull("port")) {
            text.append(", port ").append(one.path("port").asInt());
        }
        if (one.path("restarts").asInt() > 0) {
            text.append(", ").append(count(one.path("restarts").asInt(), "restart"));
        }
        text.append('.');
        if (one.hasNonNull("reason")) {
            text.append(" Why: ").append(one.path("reason").asText());
            if (!text.toString().endsWith(".")) {
                text.append('.');
            }
        } else if (one.hasNonNull("exit_code") && !status.equals("running")) {
            text.append(" It exited with ")
                    .append(one.path("exit_code").asInt())
                    .append('.');
        }
        if (one.hasNonNull("health") && !one.path("health").asText().equals("ok")) {
            text.append(" Its health check says: ")
                    .append(one.path("health").asText())
                    .append('.');
        }
        return text.toString();
    }

    /** Given up, not well, or ended by itself and badly: of what somebody stopped no reason is told. */
    static boolean isRed(JsonNode instance) {
        String status = instance.path("status").asText();
        return status.equals("failed")
                || status.equals("unhealthy")
                || (status.equals("stopped")
                        && instance.hasNonNull("reason")
                        && instance.path("exit_code").asInt() != 0);
    }

    static String instanceRow(JsonNode one) {
        return "- " + one.path("name").asText() + ": " + one.path("status").asText()
                + (one.hasNonNull("port") ? ", port " + one.path("port").asInt() : "")
                + (one.hasNonNull("archived_at") ? ", archived" : "")
                + (one.hasNonNull("reason") ? " (" + one.path("reason").asText() + ")" : "");
    }

    static String agentRow(JsonNode one) {
        return "- " + one.path("name").asText() + ": " + one.path("status").asText()
                + (one.hasNonNull("last_seen")
                        ? ", last seen " + one.path("last_seen").asText()
                        : "");
    }

    private static String messageRow(JsonNode one) {
        return "- " + one.path("message_id").asText() + " " + one.path("type").asText() + " from "
                + one.path("from").asText() + " to " + one.path("to").asText() + ": "
                + one.path("status").asText();
    }

    static String rows(List<JsonNode> all, java.util.function.Function<JsonNode, String> row) {
        String shown = all.stream().limit(MOST_ROWS).map(row).collect(Collectors.joining("\n"));
        return all.size() <= MOST_ROWS ? shown : shown + "\n… and " + (all.size() - MOST_ROWS) + " more";
    }

    /** As they are but for their colours: four spaces make them code to a reader of Markdown. */
    private static String block(List<String> lines) {
        return lines.stream()
                .map(line -> "    " + COLOURS.matcher(line).replaceAll(""))
                .collect(Collectors.joining("\n"));
    }

    static String count(int many, String what) {
        return many + " " + what + (many == 1 ? "" : "s");
    }

    static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    private static List<String> texts(JsonNode array) {
        return list(array).stream().map(JsonNode::asText).toList();
    }
}
