package dev.fairlead.gateway.faces.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.RunningGateway;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What waits for a person over MCP, and tasks. */
class McpWaitsIT extends McpAtGateway {
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
}
