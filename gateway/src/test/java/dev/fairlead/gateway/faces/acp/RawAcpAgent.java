package dev.fairlead.gateway.faces.acp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * An agent that speaks ACP line by line, with nothing of the product's, and does what real ones were seen to do. What
 * it does is the first word of a prompt. Arguments: a file for its sessions, and the version it answers.
 */
public final class RawAcpAgent {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path sessions;
    private final int version;
    private final ExecutorService turns = Executors.newCachedThreadPool();
    private final Map<Integer, BlockingQueue<JsonNode>> answers = new HashMap<>();
    private final Map<String, BlockingQueue<String>> cancels = new HashMap<>();
    private boolean loaded;
    private int asked;

    private RawAcpAgent(Path sessions, int version) {
        this.sessions = sessions;
        this.version = version;
    }

    public static void main(String... args) throws IOException {
        RawAcpAgent agent = new RawAcpAgent(Path.of(args[0]), args.length > 1 ? Integer.parseInt(args[1]) : 1);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            agent.heard(JSON.readTree(line));
        }
        System.exit(0);
    }

    private void heard(JsonNode frame) throws IOException {
        if (!frame.has("method")) {
            answers.get(frame.get("id").intValue()).add(frame);
            return;
        }
        JsonNode id = frame.path("id");
        JsonNode params = frame.path("params");
        String session = params.path("sessionId").asText();
        switch (frame.get("method").asText()) {
            case "initialize" -> {
                ObjectNode result = JSON.createObjectNode().put("protocolVersion", version);
                result.putObject("agentCapabilities").put("loadSession", true);
                result.putObject("agentInfo")
                        .put("name", "raw")
                        .put("title", "Raw agent")
                        .put("version", "1.2");
                ObjectNode way = result.putArray("authMethods").addObject();
                way.put("id", "key").put("name", "API key").put("description", "set RAW_KEY");
                result(id, result);
            }
            case "session/new" -> {
                String fresh = "session-"
                        + (Files.exists(sessions) ? Files.readAllLines(sessions).size() : 0);
                Files.writeString(sessions, (Files.exists(sessions) ? Files.readString(sessions) : "") + fresh + "\n");
                if (!params.path("mcpServers").isArray()
                        || !Path.of(params.path("cwd").asText()).isAbsolute()) {
                    error(id, -32602, "cwd and mcpServers are needed");
                    return;
                }
                result(id, JSON.createObjectNode().put("sessionId", fresh));
                update(fresh, "{\"sessionUpdate\":\"available_commands_update\",\"availableCommands\":[]}");
            }
            case "session/load" -> {
                loaded = true;
                update(
                        session,
                        "{\"sessionUpdate\":\"user_message_chunk\",\"content\":{\"type\":\"text\",\"text\":\"old\"}}");
                text(session, "an old answer");
                result(id, JSON.createObjectNode());
            }
            case "session/prompt" -> {
                cancels.put(session, new LinkedBlockingQueue<>());
                turns.execute(() -> prompted(id, session, params.path("prompt")));
            }
            case "session/cancel" -> cancels.get(session).add("cancel");
            default -> error(id, -32601, "Method not found");
        }
    }

    private void prompted(JsonNode id, String session, JsonNode prompt) {
        try {
            String text = prompt.get(prompt.size() - 1).path("text").asText();
            String stop = turn(session, text, prompt);
            if (stop.equals("login")) {
                error(id, -32000, "Authentication required");
            } else {
                result(id, JSON.createObjectNode().put("stopReason", stop));
                update(session, "{\"sessionUpdate\":\"usage_update\",\"used\":1,\"size\":10}");
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String turn(String session, String text, JsonNode prompt) throws IOException, InterruptedException {
        String[] words = text.split("\\s+", 2);
        switch (words[0]) {
            case "hello" -> {
                update(session, "{\"sessionUpdate\":\"from_the_future\",\"x\":1}");
                // The same key twice with the same value, as a library in use writes it.
                update(
                        session,
                        "{\"sessionUpdate\":\"agent_thought_chunk\",\"sessionUpdate\":\"agent_thought_chunk\","
                                + "\"content\":{\"type\":\"text\",\"type\":\"text\",\"text\":\"hm\"}}");
                update(
                        session,
                        "{\"sessionUpdate\":\"plan\",\"entries\":[{\"content\":\"greet\",\"priority\":\"high\",\"status\":\"in_progress\"}]}");
                text(session, "Hello, ");
                text(session, "");
                text(session, "world");
            }
            case "edit" -> {
                update(
                        session,
                        "{\"sessionUpdate\":\"tool_call\",\"toolCallId\":\"t1\",\"title\":\"Edit a.txt\",\"kind\":\"edit\",\"status\":\"pending\",\"rawInput\":{\"path\":\"a.txt\"}}");
                JsonNode outcome = ask(
                        "session/request_permission",
                        "{\"sessionId\":\"" + session
                                + "\",\"toolCall\":{\"toolCallId\":\"t1\",\"content\":[{\"type\":\"diff\",\"path\":\"/w/a.txt\",\"oldText\":\"one\\ntwo\\n\",\"newText\":\"one\\n2\\n\"}]},"
                                + "\"options\":[{\"optionId\":\"always\",\"name\":\"Always\",\"kind\":\"allow_always\"},"
                                + "{\"optionId\":\"yes\",\"name\":\"Yes\",\"kind\":\"allow_once\"},"
                                + "{\"optionId\":\"no\",\"name\":\"No\",\"kind\":\"reject_once\"}]}");
                String chosen = outcome.at("/result/outcome/optionId")
                        .asText(outcome.at("/result/outcome/outcome").asText());
                update(session, "{\"sessionUpdate\":\"tool_call_update\",\"toolCallId\":\"t1\"}");
                update(
                        session,
                        "{\"sessionUpdate\":\"tool_call_update\",\"toolCallId\":\"t1\",\"status\":\""
                                + (chosen.equals("yes") ? "completed" : "failed") + "\"}");
                if (chosen.equals("cancelled")) {
                    return "cancelled";
                }
                text(session, "chosen: " + chosen);
            }
            case "wait" -> {
                text(session, "waiting");
                cancels.get(session).take();
                return "cancelled";
            }
            case "login" -> {
                return "login";
            }
            case "recall" -> text(session, session + (loaded ? " loaded " : " new ") + prompt.size());
            case "ask" ->
                text(
                        session,
                        ask(words[1].split(" ", 2)[0], words[1].split(" ", 2)[1].replace("SESSION", session))
                                .toString());
            case "garbage" -> {
                line("Warning: not JSON at all");
                line("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"Parse error\"}}");
                text(session, "still here");
            }
            case "child" -> {
                Process child = new ProcessBuilder("sleep", "600").start();
                text(session, "child " + child.pid());
            }
            case "exit" -> Runtime.getRuntime().halt(3);
            default -> text(session, "heard: " + text);
        }
        return "end_turn";
    }

    private JsonNode ask(String method, String params) throws IOException, InterruptedException {
        BlockingQueue<JsonNode> answer = new LinkedBlockingQueue<>();
        int id;
        synchronized (this) {
            id = asked++;
            answers.put(id, answer);
        }
        line("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + params + "}");
        return answer.take();
    }

    private void text(String session, String text) throws IOException {
        update(
                session,
                "{\"sessionUpdate\":\"agent_message_chunk\",\"content\":{\"type\":\"text\",\"text\":"
                        + JSON.writeValueAsString(text) + "}}");
    }

    private void update(String session, String update) {
        line("{\"jsonrpc\":\"2.0\",\"method\":\"session/update\",\"params\":{\"sessionId\":\"" + session
                + "\",\"update\":" + update + "}}");
    }

    private void result(JsonNode id, JsonNode result) {
        line("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}");
    }

    private void error(JsonNode id, int code, String message) {
        line("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"error\":{\"code\":" + code + ",\"message\":\"" + message
                + "\"}}");
    }

    private synchronized void line(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
