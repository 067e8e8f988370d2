package dev.fairlead.gateway.faces.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.cli.Console;
import dev.fairlead.gateway.cli.FairleadCommand;
import dev.fairlead.gateway.testing.RawHttp;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.protocol.FrameCodec;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** MCP as clients speak it, byte by byte: both eras, scopes, and what is wrong. */
class McpIT {
    private static final String ADMIN = "Bearer " + RunningGateway.PASSWORD;
    private static final String META = "{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
            + "\"io.modelcontextprotocol/clientCapabilities\":{}}";

    @TempDir
    static Path folder;

    private static RunningGateway gateway;
    private static String reader;
    private static String operator;
    private static String trader;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start(folder.resolve("data"), "auth.mode=required");
        reader = key("mcp", "read");
        operator = key("mcp", "read", "operate");
        trader = key("mcp", "trade");
        create("printer", "echo it is cold; sleep 600");
        assertThat(admin("/api/instances/printer/start", "").status()).isEqualTo(202);
        await().untilAsserted(() -> assertThat(gateway.get("/api/instances/printer/logs", "Authorization", ADMIN)
                        .body()
                        .path("lines")
                        .toString())
                .contains("it is cold"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    // The older era.

    @ParameterizedTest
    @CsvSource({"2025-11-25,2025-11-25", "2025-06-18,2025-06-18", "2024-11-05,2025-11-25", "2026-07-28,2025-11-25"})
    void a_handshake_is_answered_the_version_asked_for_or_the_newest_that_has_one(String asked, String answered) {
        RunningGateway.Reply reply = legacy(
                reader,
                "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"" + asked
                        + "\",\"capabilities\":{},\"clientInfo\":{\"name\":\"c\",\"version\":\"1\"}}}");
        JsonNode result = reply.body().path("result");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body().path("id").toString()).isEqualTo("0");
        assertThat(result.path("protocolVersion").asText()).isEqualTo(answered);
        assertThat(result.path("serverInfo").path("name").asText()).isEqualTo("fairlead");
        assertThat(result.path("capabilities").has("tools")).isTrue();
        assertThat(result.has("resultType")).isFalse();
        assertThat(reply.raw().headers().firstValue("Mcp-Session-Id")).isEmpty();
    }

    @Test
    void notifications_are_taken_without_a_word() {
        RunningGateway.Reply reply = legacy(reader, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
        assertThat(reply.status()).isEqualTo(202);
        assertThat(reply.raw().body()).isEmpty();
        assertThat(gateway.get("/mcp", "Authorization", "Bearer " + reader).status())
                .isEqualTo(405);
        assertThat(gateway.delete("/mcp", "Authorization", "Bearer " + reader).status())
                .isEqualTo(405);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "\"server-discover-probe-1\"", "\"0\"", "12345678901", "-1"})
    void an_id_is_echoed_as_it_came(String id) {
        JsonNode body = legacy(reader, "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"ping\"}")
                .body();
        assertThat(body.toString()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{}}");
    }

    @Test
    void errors_of_the_older_era_come_with_status_200() {
        assertThat(code(legacy(reader, "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"server/discover\"}"), 200))
                .isEqualTo(-32601);
        assertThat(code(legacy(reader, call("resources/read", "\"uri\":\"fairlead://instances/nobody/log\"")), 200))
                .isEqualTo(-32002);
        assertThat(code(legacy(reader, call("prompts/get", "\"name\":\"sing\"")), 200))
                .isEqualTo(-32602);
        assertThat(code(legacy(reader, call("tools/call", "\"arguments\":{}")), 200))
                .isEqualTo(-32602);
        assertThat(code(legacy(reader, call("tools/list", "\"cursor\":\"x\"")), 200))
                .isEqualTo(-32602);
    }

    @Test
    void tools_are_those_of_the_chat_with_schemas_and_hints() {
        JsonNode tools = result(legacy(trader, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}"))
                .path("tools");
        assertThat(tools.findValuesAsText("name"))
                .contains("list_instances", "read_log", "search_log", "list_agents", "send_message", "get_quotes");
        for (JsonNode tool : tools) {
            assertThat(tool.path("inputSchema").path("type").asText()).isEqualTo("object");
            assertThat(tool.path("description").asText()).isNotEmpty();
            assertThat(tool.path("annotations").path("openWorldHint").isBoolean())
                    .isTrue();
        }
        assertThat(hints(tools, "list_instances")).isEqualTo("true false true");
        assertThat(hints(tools, "start_instance")).isEqualTo("false false true");
        assertThat(hints(tools, "restart_instance")).isEqualTo("false true false");
        assertThat(hints(tools, "send_message")).isEqualTo("false false false");
        assertThat(hints(tools, "confirm_order")).isEqualTo("false true true");
    }

    @Test
    void a_result_is_text_for_those_who_read_and_structured_for_those_who_do_not() {
        JsonNode result = tool(reader, "get_instance", "{\"name\":\"printer\"}");
        assertThat(result.path("structuredContent").path("status").asText()).isEqualTo("running");
        assertThat(FrameCodec.tree(result.path("content").get(0).path("text").asText()))
                .isEqualTo(result.path("structuredContent"));
        assertThat(result.has("isError")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fly|{}|no tool named",
                "get_instance|{}|'name' is missing",
                "get_instance|{\"name\":7}|'name' must be a text",
                "get_instance|{\"name\":\"printer\",\"colour\":1}|no argument of that name",
                "get_instance|[]|must be a JSON object",
                "get_instance|{\"name\":\"nobody\"}|nobody",
                "confirm_order|{\"order_id\":\"x\"}|scope trade"
            })
    void what_a_model_did_wrong_is_told_to_the_model(String name, String arguments, String why) {
        JsonNode result = tool(reader, name, arguments);
        assertThat(result.path("isError").asBoolean()).isTrue();
        assertThat(result.path("content").get(0).path("text").asText()).contains(why);
        assertThat(result.has("structuredContent")).isFalse();
    }

    @Test
    void who_may_operate_changes_things_at_once_and_it_is_audited_in_their_name() {
        create("sleeper", "sleep 600");
        assertThat(tool(operator, "start_instance", "{\"name\":\"sleeper\"}").has("isError"))
                .isFalse();
        await().untilAsserted(() -> assertThat(
                        gateway.get("/api/audit", "Authorization", ADMIN).body().toString())
                .contains("mcp.tool", "start_instance", "mcp:claude"));
        assertThat(tool(operator, "start_instance", "{\"name\":\"sleeper\"}")
                        .path("isError")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void logs_chains_and_prompts_are_read() {
        JsonNode resources = result(legacy(reader, call("resources/list", ""))).path("resources");
        assertThat(resources.findValuesAsText("uri"))
                .contains("fairlead://instances/printer/log")
                .allSatisfy(uri -> assertThat(URI.create(uri).toString()).isEqualTo(uri));
        JsonNode log = result(legacy(reader, call("resources/read", "\"uri\":\"fairlead://instances/printer/log\"")))
                .path("contents")
                .get(0);
        assertThat(log.path("text").asText()).contains("it is cold");
        assertThat(log.path("mimeType").asText()).isEqualTo("text/plain");
        assertThat(result(legacy(reader, call("resources/templates/list", "")))
                        .path("resourceTemplates")
                        .findValuesAsText("uriTemplate"))
                .contains("fairlead://messages/{correlation_id}");

        assertThat(result(legacy(reader, call("prompts/list", "")))
                        .path("prompts")
                        .get(0)
                        .path("arguments")
                        .get(0)
                        .path("required")
                        .asBoolean())
                .isTrue();
        String prompt = result(legacy(
                        reader, call("prompts/get", "\"name\":\"why_failing\",\"arguments\":{\"name\":\"printer\"}")))
                .toString();
        assertThat(prompt).contains("printer", "running", "it is cold");
        assertThat(code(
                        legacy(
                                reader,
                                call("prompts/get", "\"name\":\"why_failing\",\"arguments\":{\"name\":\"nobody\"}")),
                        200))
                .isEqualTo(-32602);
    }

    // The stateless era.

    @Test
    void discovery_tells_what_is_spoken() {
        JsonNode result = result(modern(reader, "server/discover", "", ""));
        assertThat(result.path("resultType").asText()).isEqualTo("complete");
        assertThat(result.path("supportedVersions").toString())
                .isEqualTo("[\"2026-07-28\",\"2025-11-25\",\"2025-06-18\"]");
        assertThat(result.path("ttlMs").isIntegralNumber()).isTrue();
        assertThat(result.path("cacheScope").asText()).isEqualTo("public");
        assertThat(result.path("_meta")
                        .path("io.modelcontextprotocol/serverInfo")
                        .path("name")
                        .asText())
                .isEqualTo("fairlead");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tools/list", "resources/list", "resources/templates/list", "prompts/list"})
    void lists_say_how_long_they_may_be_kept(String method) {
        JsonNode result = result(modern(reader, method, "", ""));
        assertThat(result.path("resultType").asText()).isEqualTo("complete");
        assertThat(result.path("ttlMs").asInt(-1)).isGreaterThanOrEqualTo(0);
        assertThat(result.path("cacheScope").asText()).isIn("public", "private");
    }

    @Test
    void calls_and_reads_go_by_header_and_body_alike() {
        JsonNode result = result(modern(
                reader,
                "tools/call",
                "get_instance",
                "\"name\":\"get_instance\",\"arguments\":{\"name\":\"printer\"}"));
        assertThat(result.path("resultType").asText()).isEqualTo("complete");
        assertThat(result.path("structuredContent").path("name").asText()).isEqualTo("printer");
        String uri = "fairlead://instances/printer/log";
        String encoded = "=?base64?" + Base64.getEncoder().encodeToString(uri.getBytes(StandardCharsets.UTF_8)) + "?=";
        for (String header : List.of(uri, encoded)) {
            assertThat(result(modern(reader, "resources/read", header, "\"uri\":\"" + uri + "\""))
                            .path("contents")
                            .get(0)
                            .path("text")
                            .asText())
                    .contains("it is cold");
        }
        assertThat(code(modern(reader, "resources/read", "fairlead://x", "\"uri\":\"fairlead://x\""), 200))
                .isEqualTo(-32602);
    }

    @Test
    void headers_that_differ_from_the_body_or_are_missing_are_refused() {
        String list = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/list\",\"params\":{\"_meta\":" + META + "}}";
        assertThat(code(post(reader, list, "MCP-Protocol-Version", "2026-07-28"), 400))
                .isEqualTo(-32020);
        assertThat(code(post(reader, list, "MCP-Protocol-Version", "2026-07-28", "Mcp-Method", "tools/call"), 400))
                .isEqualTo(-32020);
        assertThat(code(
                        post(
                                reader,
                                list.replace("2026-07-28", "2025-11-25"),
                                "MCP-Protocol-Version",
                                "2026-07-28",
                                "Mcp-Method",
                                "tools/list"),
                        400))
                .isEqualTo(-32020);
        for (String name : List.of("", "list_agents", "=?base64?!?=")) {
            assertThat(code(modern(reader, "tools/call", name, "\"name\":\"list_instances\",\"arguments\":{}"), 400))
                    .as(name)
                    .isEqualTo(-32020);
        }
        for (String lacking : List.of("protocolVersion", "clientCapabilities")) {
            assertThat(code(
                            post(
                                    reader,
                                    list.replace(lacking, "other"),
                                    "MCP-Protocol-Version",
                                    "2026-07-28",
                                    "Mcp-Method",
                                    "tools/list"),
                            400))
                    .as(lacking)
                    .isEqualTo(-32602);
        }
    }

    @Test
    void an_unknown_version_is_told_which_there_are() {
        RunningGateway.Reply reply = post(reader, call("tools/list", ""), "MCP-Protocol-Version", "1900-01-01");
        assertThat(code(reply, 400)).isEqualTo(-32022);
        assertThat(reply.body().path("id").asInt()).isEqualTo(1);
        JsonNode data = reply.body().path("error").path("data");
        assertThat(data.path("requested").asText()).isEqualTo("1900-01-01");
        assertThat(data.path("supported").get(0).asText()).isEqualTo("2026-07-28");
    }

    @ParameterizedTest
    @ValueSource(strings = {"initialize", "ping", "sing"})
    void an_unknown_method_of_the_stateless_era_is_not_found(String method) {
        assertThat(code(modern(reader, method, "", ""), 404)).isEqualTo(-32601);
    }

    @Test
    void a_header_of_old_is_served_as_of_old_whatever_the_body_says() {
        String list = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/list\",\"params\":{\"_meta\":" + META + "}}";
        assertThat(result(post(reader, list)).has("resultType")).isFalse();
        assertThat(result(post(reader, list, "MCP-Protocol-Version", "2025-06-18"))
                        .has("resultType"))
                .isFalse();
    }

    // What is wrong before any message is read.

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "",
                "[]",
                "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]",
                "\"ping\"",
                "{\"id\":1,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}",
                "{\"jsonrpc\":\"2.0\",\"id\":1}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"ping\"}"
            })
    void what_is_no_message_is_refused(String body) {
        assertThat(code(post(reader, body), 400)).isIn(-32700, -32600);
    }

    @Test
    void credentials_are_those_of_mcp_or_the_operators_own() {
        assertThat(post("", call("ping", "")).status()).isEqualTo(401);
        assertThat(code(post("x.y", call("ping", "")), 401)).isEqualTo(-32600);
        assertThat(code(post(key("openai", "read"), call("ping", "")), 403)).isEqualTo(-32600);
        assertThat(code(post(gateway.registrationToken("stranger"), call("ping", "")), 403))
                .isEqualTo(-32600);
        assertThat(result(post(RunningGateway.PASSWORD, call("ping", ""))).isEmpty())
                .isTrue();
        assertThat(gateway.get("/api/agents", "Authorization", "Bearer " + operator)
                        .status())
                .isEqualTo(403);
        assertThat(code(post(reader, call("ping", ""), "Origin", "https://evil.example"), 403))
                .isEqualTo(-32600);
        assertThat(code(post(reader, call("ping", ""), "Content-Type", "text/plain"), 415))
                .isEqualTo(-32600);
    }

    @Test
    void a_body_past_the_limit_is_refused_and_one_within_it_is_read() {
        String padding = "x".repeat(1 << 20);
        assertThat(code(post(reader, call("ping", "\"a\":\"" + padding + "\"")), 413))
                .isEqualTo(-32600);
        assertThat(result(post(reader, call("ping", "\"a\":\"" + padding.substring(1000) + "\"")))
                        .isEmpty())
                .isTrue();
    }

    @Test
    void a_client_that_leaves_in_the_middle_leaves_nothing_behind() throws IOException {
        String call = call("tools/call", "\"name\":\"list_instances\",\"arguments\":{}");
        for (int cut : new int[] {0, call.length() / 2, call.length()}) {
            try (RawHttp client = new RawHttp(gateway.port())) {
                client.request(
                        "POST /mcp HTTP/1.1",
                        "Host: localhost",
                        "Authorization: Bearer " + reader,
                        "Content-Type: application/json",
                        "Content-Length: " + call.length());
                client.send(call.substring(0, cut));
                client.reset();
            }
        }
        assertThat(tool(reader, "list_instances", "{}").has("isError")).isFalse();
    }

    // What a person approves.

    @Test
    void what_changes_something_waits_in_the_inbox_and_is_done_once_it_is_approved() {
        create("parked", "sleep 600");
        JsonNode waits = tool(reader, "start_instance", "{\"name\":\"parked\"}");
        String id = waits.at("/structuredContent/approval_id").asText();
        assertThat(waits.at("/structuredContent/status").asText()).isEqualTo("waiting");
        assertThat(waits.at("/structuredContent/expires_at").asText()).contains("T");
        assertThat(waits.at("/content/0/text").asText()).contains(id, "get_approval");
        assertThat(status("parked")).isEqualTo("stopped");
        JsonNode asked = inbox(id);
        assertThat(asked.path("kind").asText()).isEqualTo("mcp");
        assertThat(asked.path("subject").asText()).contains("start_instance", "mcp:claude");
        assertThat(asked.path("detail").asText()).contains("parked");
        assertThat(approval(reader, id).at("/structuredContent/status").asText())
                .isEqualTo("waiting");
        assertThat(approval(operator, id).path("isError").asBoolean()).isTrue(); // another's

        assertThat(admin("/api/approvals/" + id + "/approve", "").status()).isEqualTo(200);
        JsonNode done = tool(reader, "get_approval", "{\"approval_id\":\"" + id + "\",\"wait_seconds\":20}");
        assertThat(done.at("/structuredContent/status").asText()).isEqualTo("done");
        assertThat(done.at("/structuredContent/result/name").asText()).isEqualTo("parked");
        assertThat(status("parked")).isNotEqualTo("stopped");
        assertThat(admin("/api/approvals/" + id + "/deny", "").status()).isEqualTo(409);
    }

    @Test
    void what_is_denied_is_not_done() {
        create("unloved", "sleep 600");
        String id = tool(reader, "start_instance", "{\"name\":\"unloved\"}")
                .at("/structuredContent/approval_id")
                .asText();
        assertThat(admin("/api/approvals/" + id + "/deny", "").status()).isEqualTo(200);
        await().untilAsserted(() -> assertThat(
                        approval(reader, id).at("/structuredContent/status").asText())
                .isEqualTo("denied"));
        assertThat(status("unloved")).isEqualTo("stopped");
    }

    @Test
    void a_client_that_can_ask_its_person_does_where_that_one_may_decide() {
        create("asked", "sleep 600");
        String start = "\"name\":\"start_instance\",\"arguments\":{\"name\":\"asked\"}";
        JsonNode question = result(asking(RunningGateway.PASSWORD, start));
        String state = question.path("requestState").asText();
        assertThat(question.path("resultType").asText()).isEqualTo("input_required");
        assertThat(question.at("/inputRequests/approval/method").asText()).isEqualTo("elicitation/create");
        assertThat(question.at("/inputRequests/approval/params/message").asText())
                .contains("start_instance", "asked");
        assertThat(question.at("/inputRequests/approval/params/requestedSchema/type")
                        .asText())
                .isEqualTo("object");
        assertThat(question.has("content")).isFalse();

        String put = answer(start, state, "cancel", "");
        assertThat(result(asking(RunningGateway.PASSWORD, put))
                        .at("/structuredContent/status")
                        .asText())
                .isEqualTo("waiting");
        for (String wrong : List.of(
                answer(start, "made-up", "accept", "true"),
                answer(start.replace("start", "stop"), state, "accept", "true"),
                answer(start.replace("asked", "printer"), state, "accept", "true"))) {
            assertThat(result(asking(RunningGateway.PASSWORD, wrong))
                            .path("isError")
                            .asBoolean())
                    .isTrue();
        }
        assertThat(status("asked")).isEqualTo("stopped");

        String yes = answer(start, state, "accept", "true");
        JsonNode first = result(asking(RunningGateway.PASSWORD, yes));
        assertThat(first.at("/structuredContent/name").asText()).isEqualTo("asked");
        assertThat(first.path("resultType").asText()).isEqualTo("complete");
        // Lost on its way and sent again: the same answer, and nothing is done a second time.
        assertThat(result(asking(RunningGateway.PASSWORD, yes))).isEqualTo(first);
        assertThat(inbox(state).path("status").asText()).isEqualTo("approved");
    }

    @Test
    void the_first_answer_wins_wherever_it_is_given() {
        create("contested", "sleep 600");
        String start = "\"name\":\"start_instance\",\"arguments\":{\"name\":\"contested\"}";
        String state = result(asking(RunningGateway.PASSWORD, start))
                .path("requestState")
                .asText();
        assertThat(admin("/api/approvals/" + state + "/deny", "").status()).isEqualTo(200);
        JsonNode late = result(asking(RunningGateway.PASSWORD, answer(start, state, "accept", "true")));
        assertThat(late.at("/content/0/text").asText()).contains("denied");
        assertThat(status("contested")).isEqualTo("stopped");

        String again = result(asking(RunningGateway.PASSWORD, start))
                .path("requestState")
                .asText();
        assertThat(result(asking(RunningGateway.PASSWORD, answer(start, again, "accept", "false")))
                        .at("/content/0/text")
                        .asText())
                .contains("denied");
        assertThat(admin("/api/approvals/" + again + "/approve", "").status()).isEqualTo(409);
    }

    @Test
    void who_could_not_do_it_does_not_approve_it_for_themselves() {
        create("guarded", "sleep 600");
        String start = "\"name\":\"start_instance\",\"arguments\":{\"name\":\"guarded\"}";
        JsonNode waits = result(asking(reader, start));
        String id = waits.at("/structuredContent/approval_id").asText();
        assertThat(waits.path("resultType").asText()).isEqualTo("complete");
        assertThat(result(asking(reader, answer(start, id, "accept", "true")))
                        .at("/structuredContent/status")
                        .asText())
                .isEqualTo("waiting");
        assertThat(status("guarded")).isEqualTo("stopped");
    }

    @Test
    void a_call_that_waits_outlives_the_gateway_and_one_that_was_under_way_is_never_made_again() throws SQLException {
        create("cut-short", "sleep 600");
        String underWay = tool(reader, "start_instance", "{\"name\":\"cut-short\"}")
                .at("/structuredContent/approval_id")
                .asText();
        create("patient", "sleep 600");
        String id = tool(reader, "start_instance", "{\"name\":\"patient\"}")
                .at("/structuredContent/approval_id")
                .asText();
        gateway.close();
        // As a gateway leaves it that is killed after it has noted that the tool is called.
        try (Connection database = DriverManager.getConnection(
                        "jdbc:h2:file:" + folder.resolve("data/fairlead") + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE",
                        "sa",
                        "");
                PreparedStatement approved =
                        database.prepareStatement("UPDATE approvals SET status = 'approved' WHERE approval_id = ?");
                PreparedStatement killed =
                        database.prepareStatement("UPDATE mcp_calls SET state = 'running' WHERE call_id = ?")) {
            for (PreparedStatement change : List.of(approved, killed)) {
                change.setString(1, underWay);
                assertThat(change.executeUpdate()).isEqualTo(1);
            }
        }
        gateway = RunningGateway.start(folder.resolve("data"), "auth.mode=required");
        assertThat(approval(reader, id).at("/structuredContent/status").asText())
                .isEqualTo("waiting");
        assertThat(admin("/api/approvals/" + id + "/approve", "").status()).isEqualTo(200);
        await().untilAsserted(() -> assertThat(approval(reader, id)
                        .at("/structuredContent/result/name")
                        .asText())
                .isEqualTo("patient"));
        // Nobody can tell whether it was done: a person decides, and may decide against it.
        assertThat(approval(reader, underWay).at("/structuredContent/status").asText())
                .isEqualTo("doubted");
        assertThat(inbox(underWay).path("detail").asText()).contains("may have been done", "cut-short");
        assertThat(status("cut-short")).isEqualTo("stopped");
        assertThat(admin("/api/approvals/" + underWay + "/deny", "").status()).isEqualTo(200);
        await().untilAsserted(() ->
                assertThat(approval(reader, underWay).toString()).contains("may have been done", "decided against it"));
        assertThat(status("cut-short")).isEqualTo("stopped");
        assertThat(admin("/api/instances/printer/start", "").status()).isEqualTo(202);
        await().untilAsserted(() -> assertThat(status("printer")).isEqualTo("running"));
    }

    @Test
    void an_agent_is_asked_in_words_and_its_transcript_is_read() {
        JsonNode answer = tool(operator, "ask_agent", "{\"agent\":\"operator\",\"question\":\"/instances\"}")
                .path("structuredContent");
        assertThat(answer.path("status").asText()).isEqualTo("done");
        assertThat(answer.path("answer").asText()).contains("printer");
        String ids = "{\"session_id\":\"" + answer.path("session_id").asText() + "\",\"turn_id\":\""
                + answer.path("turn_id").asText() + "\"}";
        assertThat(tool(operator, "get_answer", ids).path("structuredContent")).isEqualTo(answer);
        String uri = "fairlead://sessions/" + answer.path("session_id").asText() + "/transcript";
        assertThat(result(legacy(operator, call("resources/list", ""))).toString())
                .contains(uri);
        assertThat(result(legacy(operator, call("resources/read", "\"uri\":\"" + uri + "\"")))
                        .toString())
                .contains("/instances", "printer");
        assertThat(tool(operator, "ask_agent", "{\"agent\":\"nobody\",\"question\":\"hello\"}")
                        .toString())
                .contains("nobody");
    }

    private static RunningGateway.Reply asking(String key, String params) {
        String meta = META.replace("Capabilities\":{}", "Capabilities\":{\"elicitation\":{}}");
        return post(
                key,
                call("tools/call", params + ",\"_meta\":" + meta),
                "MCP-Protocol-Version",
                "2026-07-28",
                "Mcp-Method",
                "tools/call",
                "Mcp-Name",
                params.split("\"", -1)[3]);
    }

    private static String answer(String params, String state, String action, String approve) {
        return params + ",\"requestState\":\"" + state + "\",\"inputResponses\":{\"approval\":{\"action\":\"" + action
                + "\"" + (approve.isEmpty() ? "" : ",\"content\":{\"approve\":" + approve + "}") + "}}";
    }

    private static JsonNode approval(String key, String id) {
        return tool(key, "get_approval", "{\"approval_id\":\"" + id + "\"}");
    }

    private static JsonNode inbox(String id) {
        for (JsonNode one :
                gateway.get("/api/approvals", "Authorization", ADMIN).body().path("approvals")) {
            if (one.path("id").asText().equals(id)) {
                return one;
            }
        }
        throw new AssertionError("Not in the inbox: " + id);
    }

    private static String status(String instance) {
        return gateway.get("/api/instances/" + instance, "Authorization", ADMIN)
                .body()
                .path("status")
                .asText();
    }

    @Test
    void who_comes_back_for_tasks_is_given_one_and_hears_its_end_or_takes_it_back() {
        create("task", "sleep 600");
        String start = "\"name\":\"start_instance\",\"arguments\":{\"name\":\"task\"}";
        JsonNode created = result(task(reader, "tools/call", "start_instance", start));
        String id = created.path("taskId").asText();
        assertThat(created.path("resultType").asText()).isEqualTo("task");
        assertThat(created.path("status").asText()).isEqualTo("working");
        assertThat(created.path("createdAt").asText()).endsWith("Z");
        assertThat(created.path("ttlMs").isIntegralNumber()).isTrue();
        String of = "\"taskId\":\"" + id + "\"";
        JsonNode working = result(task(reader, "tasks/get", id, of));
        assertThat(working.path("resultType").asText()).isEqualTo("complete");
        assertThat(working.path("status").asText()).isEqualTo("working");
        assertThat(working.has("result")).isFalse();
        assertThat(result(task(reader, "tasks/update", id, of + ",\"inputResponses\":{}"))
                        .path("resultType")
                        .asText())
                .isEqualTo("complete");
        assertThat(code(task(operator, "tasks/get", id, of), 200)).isEqualTo(-32602); // another's
        assertThat(code(task(reader, "tasks/get", "x", of), 400)).isEqualTo(-32020);
        assertThat(code(modern(reader, "tasks/get", id, of), 400)).isEqualTo(-32021);

        assertThat(admin("/api/approvals/" + id + "/approve", "").status()).isEqualTo(200);
        await().untilAsserted(() -> {
            JsonNode done = result(task(reader, "tasks/get", id, of));
            assertThat(done.path("status").asText()).isEqualTo("completed");
            assertThat(done.at("/result/structuredContent/name").asText()).isEqualTo("task");
        });

        create("taken-back", "sleep 600");
        String other = result(task(reader, "tools/call", "start_instance", start.replace("task", "taken-back")))
                .path("taskId")
                .asText();
        assertThat(result(task(reader, "tasks/cancel", other, "\"taskId\":\"" + other + "\""))
                        .path("resultType")
                        .asText())
                .isEqualTo("complete");
        await().untilAsserted(() -> assertThat(result(task(reader, "tasks/get", other, "\"taskId\":\"" + other + "\""))
                        .path("status")
                        .asText())
                .isEqualTo("cancelled"));
        assertThat(admin("/api/approvals/" + other + "/approve", "").status()).isNotEqualTo(200);
        assertThat(status("taken-back")).isEqualTo("stopped");
    }

    private static RunningGateway.Reply task(String key, String method, String name, String params) {
        String meta = META.replace(
                "Capabilities\":{}", "Capabilities\":{\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}}");
        return post(
                key,
                call(method, params + ",\"_meta\":" + meta),
                "MCP-Protocol-Version",
                "2026-07-28",
                "Mcp-Method",
                method,
                "Mcp-Name",
                name);
    }

    // Answers that come in events.

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "accepted|\"result\":{\"action\":\"accept\",\"content\":{\"approve\":true}}|\"name\":\"accepted\"",
                "declined|\"result\":{\"action\":\"decline\"}|denied",
                "put-off|\"result\":{\"action\":\"cancel\"}|waiting",
                "incapable|\"error\":{\"code\":-32601,\"message\":\"Method not found\"}|waiting"
            })
    void a_client_of_the_older_era_asks_its_person_in_the_middle_of_the_answer(String name, String answer, String end)
            throws IOException {
        introduce();
        create(name, "sleep 600");
        try (Events events = events(RunningGateway.PASSWORD, startOf(name))) {
            JsonNode question = events.next();
            assertThat(question.path("method").asText()).isEqualTo("elicitation/create");
            assertThat(question.at("/params/message").asText()).contains("start_instance", name);
            String said = "{\"jsonrpc\":\"2.0\",\"id\":" + question.get("id") + "," + answer + "}";
            // Whoever could not do it is not heard, and neither is an answer to nothing.
            assertThat(legacy(reader, said).status()).isEqualTo(202);
            assertThat(legacy(
                                    RunningGateway.PASSWORD,
                                    said.replace(question.get("id").asText(), "nothing"))
                            .status())
                    .isEqualTo(202);
            assertThat(status(name)).isEqualTo("stopped");
            assertThat(legacy(RunningGateway.PASSWORD, said).status()).isEqualTo(202);
            JsonNode last = events.next();
            assertThat(last.path("id").asInt()).isEqualTo(1);
            assertThat(last.path("result").toString()).contains(end);
            assertThat(events.isOver()).isTrue();
        }
    }

    @Test
    void who_was_cut_off_hears_the_rest_and_nobody_else_does() throws IOException {
        introduce();
        create("cut-off", "sleep 600");
        String lastSeen;
        String question;
        try (Events events = events(RunningGateway.PASSWORD, startOf("cut-off"))) {
            question = events.next().path("id").asText();
            lastSeen = events.lastId();
        }
        assertThat(legacy(
                                RunningGateway.PASSWORD,
                                "{\"jsonrpc\":\"2.0\",\"id\":\"" + question
                                        + "\",\"result\":{\"action\":\"accept\",\"content\":{\"approve\":true}}}")
                        .status())
                .isEqualTo(202);
        for (int round = 0; round < 2; round++) {
            try (Events rest = resumed(RunningGateway.PASSWORD, lastSeen)) {
                JsonNode last = rest.next();
                assertThat(last.path("id").asInt()).isEqualTo(1);
                assertThat(last.at("/result/structuredContent/name").asText()).isEqualTo("cut-off");
                assertThat(rest.isOver()).isTrue();
            }
        }
        for (String wrong : List.of("x", "x:1", ":", lastSeen + "9")) {
            assertThat(gateway.get("/mcp", "Authorization", ADMIN, "Last-Event-ID", wrong)
                            .status())
                    .as(wrong)
                    .isEqualTo(404);
        }
        assertThat(gateway.get("/mcp", "Authorization", "Bearer " + reader, "Last-Event-ID", lastSeen)
                        .status())
                .isEqualTo(404);
    }

    @Test
    void what_takes_its_time_tells_so_to_who_asked_for_it() throws IOException {
        String ask = call(
                "tools/call",
                "\"name\":\"ask_agent\",\"arguments\":{\"agent\":\"operator\",\"question\":\"/agents\"},"
                        + "\"_meta\":{\"progressToken\":\"p1\"}");
        String first;
        JsonNode answer;
        try (Events events = events(operator, ask)) {
            JsonNode progress = events.next();
            first = events.lastId();
            assertThat(progress.path("method").asText()).isEqualTo("notifications/progress");
            assertThat(progress.at("/params/progressToken").asText()).isEqualTo("p1");
            answer = events.next();
            assertThat(answer.at("/result/structuredContent/status").asText()).isEqualTo("done");
            assertThat(events.lastId()).isNotEqualTo(first);
        }
        try (Events rest = resumed(operator, first)) {
            assertThat(rest.next()).isEqualTo(answer);
        }
    }

    private static void introduce() {
        assertThat(legacy(
                                RunningGateway.PASSWORD,
                                call(
                                        "initialize",
                                        "\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"elicitation\":{}}"))
                        .status())
                .isEqualTo(200);
    }

    private static String startOf(String name) {
        return call("tools/call", "\"name\":\"start_instance\",\"arguments\":{\"name\":\"" + name + "\"}");
    }

    private static Events events(String key, String json) throws IOException {
        return new Events(HttpRequest.newBuilder(gateway.http("/mcp"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .header("MCP-Protocol-Version", "2025-11-25")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build());
    }

    private static Events resumed(String key, String lastSeen) throws IOException {
        return new Events(HttpRequest.newBuilder(gateway.http("/mcp"))
                .header("Authorization", "Bearer " + key)
                .header("Last-Event-ID", lastSeen)
                .build());
    }

    /** An answer as its events come. */
    private static final class Events implements AutoCloseable {
        private static final HttpClient HTTP = HttpClient.newHttpClient();

        private final BufferedReader lines;
        private String lastId = "";

        Events(HttpRequest request) throws IOException {
            try {
                HttpResponse<InputStream> response = HTTP.send(request, HttpResponse.BodyHandlers.ofInputStream());
                assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
                lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }

        JsonNode next() throws IOException {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("id: ")) {
                    lastId = line.substring("id: ".length());
                } else if (line.startsWith("data: ")) {
                    return FrameCodec.tree(line.substring("data: ".length()));
                }
            }
            throw new AssertionError("The events are over");
        }

        boolean isOver() throws IOException {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("data: ")) {
                    return false;
                }
            }
            return true;
        }

        String lastId() {
            return lastId;
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }

    // For clients that start a command.

    @Test
    void a_command_carries_lines_both_ways_and_answers_what_the_gateway_refuses() {
        String lines =
                "{\"jsonrpc\":\"2.0\",\"id\":\"i\",\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-06-18\"}}\n"
                        + "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n"
                        + call("tools/list", "") + "\n"
                        + call("resources/read", "\"uri\":\"fairlead://instances/printer/log\",\"_meta\":" + META)
                                .replace("\"id\":1", "\"id\":2")
                        + "\nnot JSON\n";
        List<JsonNode> answers = bridged(lines, reader);
        assertThat(answers).hasSize(4);
        assertThat(answers.get(0).at("/result/protocolVersion").asText()).isEqualTo("2025-06-18");
        assertThat(answers).anyMatch(answer -> answer.at("/result/tools").size() > 10);
        assertThat(answers)
                .anyMatch(answer -> answer.path("id").asInt() == 2
                        && answer.at("/result/resultType").asText().equals("complete"));
        assertThat(answers).anyMatch(answer -> answer.at("/error/code").asInt() == -32700);

        JsonNode refused =
                bridged(call("tools/list", "") + "\n", key("openai", "read")).get(0);
        assertThat(refused.path("id").asInt()).isEqualTo(1);
        assertThat(refused.at("/error/message").asText()).contains("openai");
    }

    private static List<JsonNode> bridged(String lines, String token) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Console console = new Console(
                new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                System.err,
                Map.of("FAIRLEAD_TOKEN", token),
                folder);
        String url = gateway.http("").toString();
        assertThat(FairleadCommand.execute(
                        console,
                        "mcp",
                        "--gateway-url",
                        url,
                        "--data-dir",
                        folder.resolve("data").toString()))
                .isZero();
        return out.toString(StandardCharsets.UTF_8)
                .lines()
                .map(FrameCodec::tree)
                .toList();
    }

    private static RunningGateway.Reply legacy(String key, String json) {
        return post(key, json, "MCP-Protocol-Version", "2025-11-25");
    }

    private static RunningGateway.Reply modern(String key, String method, String name, String params) {
        List<String> headers = new ArrayList<>(List.of("MCP-Protocol-Version", "2026-07-28", "Mcp-Method", method));
        if (!name.isEmpty()) {
            headers.addAll(List.of("Mcp-Name", name));
        }
        String all = (params.isEmpty() ? "" : params + ",") + "\"_meta\":" + META;
        return post(key, call(method, all), headers.toArray(String[]::new));
    }

    private static RunningGateway.Reply post(String key, String json, String... more) {
        List<String> headers = new ArrayList<>(Arrays.asList(more));
        if (!key.isEmpty()) {
            headers.addAll(List.of("Authorization", "Bearer " + key));
        }
        headers.addAll(List.of("Accept", "application/json, text/event-stream"));
        return gateway.post("/mcp", json, headers.toArray(String[]::new));
    }

    private static String call(String method, String params) {
        return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":{" + params + "}}";
    }

    private static JsonNode tool(String key, String name, String arguments) {
        return result(legacy(key, call("tools/call", "\"name\":\"" + name + "\",\"arguments\":" + arguments)));
    }

    private static JsonNode result(RunningGateway.Reply reply) {
        assertThat(reply.body().has("result")).as(reply.raw().body()).isTrue();
        return reply.body().path("result");
    }

    private static int code(RunningGateway.Reply reply, int status) {
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(status);
        return reply.body().path("error").path("code").asInt();
    }

    private static String hints(JsonNode tools, String name) {
        for (JsonNode tool : tools) {
            if (tool.path("name").asText().equals(name)) {
                JsonNode hints = tool.path("annotations");
                return hints.path("readOnlyHint") + " " + hints.path("destructiveHint") + " "
                        + hints.path("idempotentHint");
            }
        }
        throw new AssertionError("No tool " + name);
    }

    private static void create(String name, String script) {
        ObjectNode instance = FrameCodec.object().put("name", name).put("restart", "never");
        instance.putArray("command").add("sh").add("-c").add(script);
        assertThat(admin("/api/instances", instance.toString()).status()).isEqualTo(201);
    }

    private static String key(String kind, String... scopes) {
        ObjectNode wanted = FrameCodec.object().put("kind", kind).put("name", "claude");
        Arrays.stream(scopes).forEach(wanted.putArray("scopes")::add);
        return admin("/api/admin/tokens", wanted.toString())
                .body()
                .path("token")
                .asText();
    }

    private static RunningGateway.Reply admin(String path, String json) {
        return gateway.post(path, json, "Authorization", ADMIN);
    }
}
