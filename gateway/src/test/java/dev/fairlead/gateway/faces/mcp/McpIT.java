package dev.fairlead.gateway.faces.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.cli.Console;
import dev.fairlead.gateway.cli.FairleadCommand;
import dev.fairlead.gateway.testing.RawHttp;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.protocol.FrameCodec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** MCP as clients speak it, byte by byte: both eras, scopes, and what is wrong. */
class McpIT extends McpAtGateway {
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
}
