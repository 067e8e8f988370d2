package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code cluster}: who is there, and who owns what. */
@Command(
        name = "cluster",
        description = "The nodes, and what each of them owns; a gateway that is alone is one, and owns everything.")
final class ClusterCommand extends GatewayCommand {
    private static final String SHARD = "shard-";

    ClusterCommand(Console console) {
        super(console);
    }

    @Override
    void run(GatewayCalls calls) {
        JsonNode answer = calls.get("/api/cluster");
        write(answer, () -> print(answer));
    }

    private void print(JsonNode answer) {
        TextTable table = new TextTable("NODE", "STATE", "VERSION", "ADDRESS", "SINCE", "OWNS");
        for (JsonNode node : answer.path("nodes")) {
            table.row(
                    node.path("name").asText() + (node.path("self").asBoolean() ? " (this one)" : ""),
                    node.path("alive").asBoolean() ? "there" : "away",
                    node.path("version").asText(),
                    shown(node, "address"),
                    node.path("since").asText(),
                    answer.path("alone").asBoolean() ? "everything" : owned(node.path("leases")));
        }
        table.print(console().out());
        if (!answer.path("unowned").isEmpty()) {
            console().err().println("Nobody owns: " + owned(answer.path("unowned")) + ".");
        }
        answer.path("refused").forEach(one -> console()
                .err()
                .println("Not let in, " + one.path("at").asText() + ": "
                        + one.path("node").asText() + ": " + one.path("why").asText()));
    }

    /** All shards in one word, as their number is what says something. */
    private static String owned(JsonNode leases) {
        List<String> named = new ArrayList<>();
        int shards = 0;
        for (JsonNode lease : leases) {
            if (lease.asText().startsWith(SHARD)) {
                shards++;
            } else {
                named.add(lease.asText());
            }
        }
        if (shards > 0) {
            named.add(shards + (shards == 1 ? " shard" : " shards"));
        }
        return String.join(", ", named);
    }
}
