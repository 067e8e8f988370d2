package dev.fairlead.gateway.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/** The migrations packaged with this gateway, and their checksums as Flyway reckons them. */
final class Migrations {
    static final String FOLDER = "db/migration";

    /** All files of the folder. Named here because to look for them is to walk through the whole jar. */
    static final List<String> FILES = List.of(
            "V1__audit.sql",
            "V2__store.sql",
            "V10__agents.sql",
            "V11__registration_nonce.sql",
            "V20__instances.sql",
            "V30__messages.sql",
            "V31__message_journal.sql",
            "V40__orders.sql",
            "V60__chat.sql",
            "V61__chat_origin.sql",
            "V70__logins.sql",
            "V71__llm_spent.sql",
            "V72__audit_groups.sql",
            "V73__ledger_time.sql",
            "V74__face_keys.sql",
            "V75__instance_account.sql",
            "V76__order_replacements.sql",
            "V77__approvals.sql",
            "V78__turn_numbers.sql",
            "V79__turns_go_on.sql",
            "V80__mcp_calls.sql",
            "V82__openai_runs.sql",
            "V83__openai_conversations.sql",
            "V87__paper_orders.sql",
            "V89__acp_instances.sql",
            "V91__instance_events.sql",
            "V92__instance_log_mode.sql",
            "V96__instance_labels.sql",
            "V99__turns_given.sql",
            "V100__mcp_doubted.sql",
            "V104__alerts.sql",
            "V107__instance_order.sql",
            "V108__instance_schedule.sql",
            "V110__traceparent.sql",
            "V113__leases.sql",
            "V120__events.sql",
            "V121__instance_limits.sql",
            "V122__mcp_call_traces.sql",
            "V123__event_lives.sql",
            "V124__cluster.sql",
            "V126__audit_once.sql",
            "V127__chat_homes.sql");

    private Migrations() {}

    /**
     * Checksums by version.
     *
     * @throws IOException if a file is missing or cannot be read
     */
    static Map<String, Integer> checksums() throws IOException {
        Map<String, Integer> checksums = new HashMap<>();
        for (String name : FILES) {
            checksums.put(name.substring(1, name.indexOf("__")), checksum(name));
        }
        return checksums;
    }

    /**
     * The text of one of them, in UTF-8.
     *
     * @throws IOException if it is missing
     */
    static InputStream open(String name) throws IOException {
        InputStream bytes = Migrations.class.getResourceAsStream("/" + FOLDER + "/" + name);
        if (bytes == null) {
            throw new IOException(FOLDER + "/" + name + " is missing");
        }
        return bytes;
    }

    /** CRC-32 of the lines without their ends, so that a checkout with other line ends is the same migration. */
    private static int checksum(String name) throws IOException {
        CRC32 crc = new CRC32();
        try (InputStream bytes = open(name)) {
            BufferedReader lines = new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                crc.update(line.getBytes(StandardCharsets.UTF_8));
            }
        }
        return (int) crc.getValue();
    }
}
