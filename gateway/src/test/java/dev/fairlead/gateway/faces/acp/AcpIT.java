package dev.fairlead.gateway.faces.acp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Programs that speak ACP are agents of the fleet: instances of a real gateway, line by line at the other end. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AcpIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private final List<WsClient> chats = new ArrayList<>();
    private Path folder;
    private RunningGateway gateway;

    @BeforeAll
    void start(@TempDir Path shared) {
        folder = shared;
        gateway = RunningGateway.start(folder.resolve("data"), "shutdown.grace=100ms", "instances.stop_grace=2s");
        create("raw", "", "");
        online("raw");
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @AfterEach
    void hangUp() {
        chats.forEach(WsClient::close);
        chats.clear();
    }

    @Test
    void it_answers_a_chat_and_what_it_thinks_plans_and_says_is_shown_in_order() {
        List<JsonNode> frames = until(say(chat("raw"), "hello"), "done");
        assertThat(frames)
                .extracting(frame -> frame.path("type").asText())
                .containsExactly("thinking", "operator_status", "chunk", "chunk", "chunk_reset", "done");
        assertThat(frames.get(1).path("detail").asText()).isEqualTo("→ greet");
        assertThat(frames.get(5).path("full_response").asText()).isEqualTo("Hello, world");

        JsonNode shown = gateway.get("/api/instances/raw").body();
        assertThat(shown.path("protocol").asText()).isEqualTo("acp");
        assertThat(shown.path("command").get(0).asText()).isEqualTo(JAVA);
        assertThat(shown.path("acp_allow")).isEmpty();
    }

    @Test
    void a_call_it_asks_permission_for_waits_for_a_person_and_a_yes_is_one_for_this_once() {
        WsClient chat = say(chat("raw"), "edit");
        JsonNode call = chat.next("tool_call");
        assertThat(call.path("approval").asText()).isEqualTo("required");
        assertThat(call.path("name").asText()).isEqualTo("edit");
        assertThat(call.at("/args/title").asText()).isEqualTo("Edit a.txt");
        assertThat(call.at("/args/content").asText()).contains("-two\n+2\n");
        chat.send("{\"type\":\"approve\",\"id\":\"" + call.path("id").asText() + "\"}");
        JsonNode result = chat.next("tool_result");
        assertThat(result.path("id")).isEqualTo(call.path("id"));
        assertThat(result.path("output").asText()).contains("+2");
        assertThat(chat.next("done").path("full_response").asText()).isEqualTo("chosen: yes");
    }

    @Test
    void a_no_from_the_inbox_is_told_to_the_agent_and_the_turn_goes_on() {
        WsClient chat = say(chat("raw"), "edit");
        JsonNode call = chat.next("tool_call");
        String id = call.path("id").asText();
        await().atMost(PATIENCE).until(() -> gateway.get("/api/approvals?status=waiting")
                .body()
                .toString()
                .contains(id));
        assertThat(gateway.post("/api/approvals/" + id + "/deny", "{}").status())
                .isEqualTo(200);
        assertThat(chat.next("tool_result").path("output").asText()).contains("denied");
        assertThat(chat.next("done").path("full_response").asText()).isEqualTo("chosen: no");
    }

    @Test
    void an_abort_cancels_the_turn_and_what_waits_for_a_person_and_the_next_one_is_answered() {
        WsClient chat = say(chat("raw"), "wait");
        chat.next("chunk");
        chat.send("{\"type\":\"abort\"}");
        chat.next("aborted");
        say(chat, "edit");
        chat.next("tool_call");
        chat.send("{\"type\":\"abort\"}");
        chat.next("aborted");
        say(chat, "still there?");
        assertThat(chat.next("done").path("full_response").asText()).isEqualTo("heard: still there?");
    }

    @Test
    void a_login_it_wants_is_said_plainly() {
        JsonNode error = say(chat("raw"), "login").next("error");
        assertThat(error.path("code").asText()).isEqualTo("AUTH_ERROR");
        assertThat(error.path("message").asText()).contains("Raw agent 1.2").contains("API key (set RAW_KEY)");
    }

    @Test
    void what_is_no_message_and_what_nobody_knows_changes_nothing() {
        WsClient chat = say(chat("raw"), "garbage");
        assertThat(chat.next("done").path("full_response").asText()).isEqualTo("still here");
        say(chat, "ask _vendor/unknown {}");
        assertThat(chat.next("done").path("full_response").asText()).contains("-32601");
        say(chat, "ask fs/read_text_file {\"sessionId\":\"SESSION\",\"path\":\"/etc/hostname\"}");
        assertThat(chat.next("done").path("full_response").asText()).contains("-32601");
    }

    @Test
    void what_is_allowed_is_done_for_it_inside_its_folder_and_nowhere_else() throws IOException {
        Path cwd = Files.createDirectory(folder.resolve("project"));
        Files.writeString(cwd.resolve("a.txt"), "one\ntwo\nthree\n");
        Files.createSymbolicLink(cwd.resolve("out"), folder);
        Files.createSymbolicLink(cwd.resolve("nowhere"), folder.resolve("missing"));
        Files.writeString(folder.resolve("secret"), "secret");
        create("allowed", "", ",\"cwd\":\"" + cwd + "\",\"acp_allow\":[\"fs\",\"terminal\"]");
        online("allowed");
        WsClient chat = chat("allowed");

        assertThat(asked(chat, "fs/read_text_file", "\"path\":\"" + cwd + "/a.txt\",\"line\":2,\"limit\":1"))
                .isEqualTo("{\"content\":\"two\\n\"}");
        assertThat(asked(chat, "fs/write_text_file", "\"path\":\"" + cwd + "/new/b.txt\",\"content\":\"b\""))
                .isEqualTo("{}");
        assertThat(cwd.resolve("new/b.txt")).hasContent("b");
        assertThat(asked(chat, "fs/read_text_file", "\"path\":\"" + cwd + "/none\""))
                .contains("-32002");
        for (String outside : List.of("../secret", "out/secret", "new/../../secret", "nowhere")) {
            String path = "\"path\":\"" + cwd + "/" + outside + "\"";
            assertThat(asked(chat, "fs/read_text_file", path)).as(outside).contains("error");
            assertThat(asked(chat, "fs/write_text_file", path + ",\"content\":\"x\""))
                    .as(outside)
                    .contains("inside the working folder");
        }
        assertThat(asked(chat, "fs/read_text_file", "\"path\":\"a.txt\"")).contains("absolute paths");
        assertThat(folder.resolve("secret")).hasContent("secret");
        assertThat(folder.resolve("missing")).doesNotExist();

        String made = asked(
                chat,
                "terminal/create",
                "\"command\":\"sh\",\"args\":[\"-c\",\"pwd; exit 4\"],\"outputByteLimit\":1000");
        String terminal =
                "\"terminalId\":\"" + FrameCodec.tree(made).path("terminalId").asText() + "\"";
        assertThat(asked(chat, "terminal/wait_for_exit", terminal)).isEqualTo("{\"exitCode\":4}");
        await().atMost(PATIENCE)
                .until(() -> asked(chat, "terminal/output", terminal).contains(cwd.toRealPath() + "\\n"));
        assertThat(asked(chat, "terminal/release", terminal)).isEqualTo("{}");
        assertThat(asked(chat, "terminal/output", terminal)).contains("No terminal");
        assertThat(asked(chat, "terminal/create", "\"command\":\"pwd\",\"cwd\":\"/\""))
                .contains("inside the working folder");

        String sleeper = asked(chat, "terminal/create", "\"command\":\"sleep\",\"args\":[\"600\"]");
        String sleeping = "\"terminalId\":\""
                + FrameCodec.tree(sleeper).path("terminalId").asText() + "\"";
        assertThat(asked(chat, "terminal/kill", sleeping)).isEqualTo("{}");
        assertThat(asked(chat, "terminal/wait_for_exit", sleeping)).isEqualTo("{\"signal\":\"9\"}");
    }

    /** What the agent is answered when it asks its client that. */
    private String asked(WsClient chat, String method, String params) {
        say(chat, "ask " + method + " {\"sessionId\":\"SESSION\"," + params + "}");
        JsonNode answer =
                FrameCodec.tree(chat.next("done").path("full_response").asText());
        return (answer.has("result") ? answer.get("result") : answer).toString();
    }

    @Test
    void a_message_is_a_prompt_and_its_end_the_acknowledgement() {
        String id = gateway.post(
                        "/api/messages",
                        "{\"to\":\"raw\",\"type\":\"task\",\"payload\":{\"do\":\"it\"},\"idempotency_key\":\"acp-1\"}")
                .body()
                .path("message_id")
                .asText();
        await().atMost(PATIENCE).until(() -> gateway.get("/api/messages/" + id)
                .body()
                .path("status")
                .asText()
                .equals("acknowledged"));
        await().atMost(PATIENCE).until(() -> log("raw").contains(id + ": heard: Message from 'operator' of type task"));
    }

    @Test
    void after_a_restart_a_conversation_goes_on_in_its_session_and_the_replay_is_not_shown() {
        create("phoenix", "", "");
        online("phoenix");
        WsClient chat = chat("phoenix");
        say(chat, "recall");
        String before = chat.next("done").path("full_response").asText();
        assertThat(before).endsWith("new 1");

        act("phoenix", "restart");
        await().atMost(PATIENCE).until(() -> log("phoenix").split("registered with the gateway", -1).length == 3);
        say(chat, "recall");
        List<JsonNode> frames = until(chat, "done");
        assertThat(frames.get(frames.size() - 1).path("full_response").asText())
                .isEqualTo(before.replace("new", "loaded"));
        assertThat(frames.toString()).doesNotContain("an old answer");
    }

    @Test
    void a_stop_ends_what_its_agent_started() {
        create("parent", "", "");
        online("parent");
        String said =
                say(chat("parent"), "child").next("done").path("full_response").asText();
        long child = Long.parseLong(said.substring("child ".length()));
        assertThat(ProcessHandle.of(child)).isPresent();
        act("parent", "stop");
        await().atMost(PATIENCE).until(() -> ProcessHandle.of(child).isEmpty());
        await().atMost(PATIENCE).until(() -> status("parent").equals("stopped"));
    }

    @Test
    void a_program_that_ends_takes_the_turn_and_the_instance_with_it() {
        create("fragile", "", ",\"restart\":\"never\"");
        online("fragile");
        JsonNode error = say(chat("fragile"), "exit").next("error");
        assertThat(error.path("code").asText()).isEqualTo("AGENT_ERROR");
        await().atMost(PATIENCE).until(() -> status("fragile").equals("stopped"));
        assertThat(gateway.get("/api/instances/fragile")
                        .body()
                        .path("exit_code")
                        .asInt())
                .isEqualTo(3);
    }

    @Test
    void another_version_is_refused_in_the_log() {
        create("draft", " 2", "");
        await().atMost(PATIENCE)
                .until(() -> log("draft").contains("it speaks version 2 of ACP, this gateway speaks 1"));
        await().atMost(PATIENCE).until(() -> status("draft").equals("stopped"));
    }

    private void create(String name, String argument, String more) {
        List<String> command = new ArrayList<>(List.of(
                JAVA,
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                RawAcpAgent.class.getName(),
                folder.resolve(name + "-sessions").toString()));
        if (!argument.isEmpty()) {
            command.add(argument.strip());
        }
        String words = new String(FrameCodec.encode(command), StandardCharsets.UTF_8);
        assertThat(gateway.post(
                                "/api/instances",
                                "{\"name\":\"" + name + "\",\"command\":" + words + ",\"protocol\":\"acp\"" + more
                                        + "}")
                        .status())
                .isEqualTo(201);
        act(name, "start");
    }

    private void act(String name, String what) {
        assertThat(gateway.post("/api/instances/" + name + "/" + what, "{}").status())
                .isEqualTo(202);
    }

    private void online(String name) {
        await().atMost(PATIENCE).until(() -> gateway.get("/api/agents/" + name)
                .body()
                .path("status")
                .asText()
                .equals("online"));
    }

    private String status(String name) {
        return gateway.get("/api/instances/" + name).body().path("status").asText();
    }

    private String log(String name) {
        return gateway.get("/api/instances/" + name + "/logs")
                .body()
                .path("lines")
                .toString();
    }

    private WsClient chat(String agent) {
        WsClient chat = WsClient.connect(gateway.ws("/ws/chat?agent=agent:" + agent));
        chats.add(chat);
        chat.next("session_start");
        return chat;
    }

    private static WsClient say(WsClient chat, String text) {
        return chat.send("{\"type\":\"message\",\"content\":" + FrameCodec.toTree(text) + "}");
    }

    private static List<JsonNode> until(WsClient chat, String last) {
        List<JsonNode> frames = new ArrayList<>();
        do {
            frames.add(chat.next());
        } while (!frames.get(frames.size() - 1).path("type").asText().equals(last));
        return frames;
    }
}
