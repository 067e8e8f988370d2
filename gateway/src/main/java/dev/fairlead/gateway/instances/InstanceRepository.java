package dev.fairlead.gateway.instances;

import dev.fairlead.gateway.cluster.LeaseName;
import dev.fairlead.gateway.store.Columns;
import dev.fairlead.gateway.store.WriteConnection;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.InstanceStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is kept of instances. Every method is one unit of a write transaction and may be run again. */
final class InstanceRepository {
    private static final String COLUMNS = "command, cwd, env, port, restart, health, autostart, status, then_start,"
            + " restarts, exit_code, reason, created_at, started_at, archived_at, spawn_id, pid, start_ticks, boot_id,"
            + " account, protocol, acp_allow, labels, log_mode, depends_on, ready_when,"
            + " schedule, served_to, memory_max, cpu_max, node, name";
    /** Instances live on their node; a machine runs tens of them, not more than this. */
    private static final String OF_NODE =
            "SELECT " + COLUMNS + " FROM instances WHERE node = ? ORDER BY name LIMIT 100000";

    private static final String OF_OTHERS =
            "SELECT " + COLUMNS + " FROM instances WHERE node <> ? ORDER BY name LIMIT 100000";

    private static final String NAMED = "SELECT " + COLUMNS + " FROM instances WHERE name = ?";
    private static final String AWAY_SINCE = "SELECT ends_at FROM leases WHERE name = ?";
    private static final String HOLDER = "SELECT node FROM instances WHERE name = ?";
    private static final String ADD = "INSERT INTO instances (" + COLUMNS
            + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String CHANGE = "UPDATE instances SET command = ?, cwd = ?, env = ?, port = ?, restart = ?,"
            + " health = ?, autostart = ?, status = ?, then_start = ?, restarts = ?, exit_code = ?, reason = ?,"
            + " created_at = ?, started_at = ?, archived_at = ?, spawn_id = ?, pid = ?, start_ticks = ?, boot_id = ?,"
            + " account = ?, protocol = ?, acp_allow = ?, labels = ?, log_mode = ?,"
            + " depends_on = ?, ready_when = ?, schedule = ?, served_to = ?, memory_max = ?, cpu_max = ?,"
            + " node = ? WHERE name = ?";
    private static final String DELETE = "DELETE FROM instances WHERE name = ?";

    /** The instances of a node. */
    List<Instance> ofNode(WriteConnection c, String node) throws SQLException {
        return c.query(OF_NODE, InstanceRepository::instance, node);
    }

    /** The instances of all other nodes. */
    List<Instance> ofOthers(WriteConnection c, String node) throws SQLException {
        return c.query(OF_OTHERS, InstanceRepository::instance, node);
    }

    /** The instance of that name, on whichever node. */
    Optional<Instance> named(WriteConnection c, String name) throws SQLException {
        return c.queryOne(NAMED, InstanceRepository::instance, name);
    }

    /** Until when a node that is away was there; empty where that is too long ago. */
    Optional<Instant> awaySince(WriteConnection c, String node) throws SQLException {
        return c.queryOne(
                AWAY_SINCE, row -> row.instant("ends_at"), LeaseName.node(node).text());
    }

    /**
     * Keeps a decision.
     *
     * @return whether it could be: not, where the name belongs to an instance of another node
     */
    boolean keep(WriteConnection c, Decision decision) throws SQLException {
        if (decision.after().isEmpty()) {
            c.update(DELETE, decision.name());
            InstanceHistory.keep(c, decision);
            return true;
        }
        Instance instance = decision.after().get();
        Optional<String> holder = c.queryOne(HOLDER, row -> row.string("node"), instance.name());
        if (holder.filter(node -> !node.equals(instance.node())).isPresent()) {
            return false;
        }
        c.update(holder.isPresent() ? CHANGE : ADD, values(instance));
        InstanceHistory.keep(c, decision);
        return true;
    }

    private static Object[] values(Instance instance) {
        InstanceSettings settings = instance.settings();
        Optional<ProcessIdentity> process = instance.process();
        return new Object[] {
            new JsonArray(settings.command()).encode(),
            settings.cwd(),
            FrameCodec.text(settings.env()),
            settings.port(),
            settings.restart().wire(),
            settings.health().map(FrameCodec::text),
            settings.autostart(),
            instance.status().wire(),
            instance.thenStart(),
            instance.restarts(),
            instance.exitCode(),
            instance.reason(),
            instance.createdAt(),
            instance.startedAt(),
            instance.archivedAt(),
            instance.spawn().map(Spawn::id),
            process.map(ProcessIdentity::pid),
            process.map(ProcessIdentity::startTicks),
            process.map(ProcessIdentity::bootId),
            settings.user(),
            settings.protocol().map(Protocol::wire),
            settings.acpAllow().stream().map(AcpAllowance::wire).collect(Collectors.joining(",")),
            Optional.of(settings.labels()).filter(labels -> !labels.isEmpty()).map(FrameCodec::text),
            settings.log().wire(),
            Optional.of(settings.dependsOn()).filter(on -> !on.isEmpty()).map(FrameCodec::text),
            settings.readyWhen().map(FrameCodec::text),
            settings.schedule().map(FrameCodec::text),
            instance.servedTo(),
            settings.limits().memoryMax(),
            settings.limits().cpuMax(),
            instance.node(),
            instance.name()
        };
    }

    private static Instance instance(Columns row) throws SQLException {
        InstanceSettings settings = new InstanceSettings(
                row.string("name"),
                new JsonArray(row.string("command"))
                        .stream().map(String.class::cast).toList(),
                row.optionalString("cwd"),
                texts(row.string("env")),
                row.integer("port"),
                RestartPolicy.of(row.string("restart")),
                row.optionalString("health").map(json -> read(json, HealthProbe.class)),
                row.bool("autostart"),
                row.optionalString("account"),
                row.optionalString("protocol").map(Protocol::of),
                allowances(row.optionalString("acp_allow").orElse("")),
                row.optionalString("labels").map(InstanceRepository::texts).orElse(Map.of()),
                row.optionalString("log_mode").map(LogMode::of).orElse(LogMode.FILE),
                row.optionalString("depends_on")
                        .map(json -> List.of(read(json, Dependency[].class)))
                        .orElse(List.of()),
                row.optionalString("ready_when").map(json -> read(json, ReadyWhen.class)),
                row.optionalString("schedule").map(json -> read(json, Schedule.class)),
                new Limits(
                        row.optionalNumber("memory_max"),
                        row.optionalNumber("cpu_max").map(Math::toIntExact)));
        return new Instance(
                settings,
                InstanceStatus.valueOf(row.string("status").toUpperCase(Locale.ROOT)),
                spawn(row),
                row.bool("then_start"),
                row.integer("restarts"),
                row.optionalNumber("exit_code").map(Math::toIntExact),
                row.optionalString("reason"),
                row.instant("created_at"),
                row.optionalInstant("started_at"),
                row.optionalInstant("archived_at"),
                row.string("node"),
                row.optionalInstant("served_to"),
                Recent.NOTHING);
    }

    private static Map<String, String> texts(String object) {
        return new JsonObject(object)
                .stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> (String) entry.getValue()));
    }

    private static List<AcpAllowance> allowances(String stored) {
        return stored.isEmpty()
                ? List.of()
                : Arrays.stream(stored.split(",", -1)).map(AcpAllowance::of).toList();
    }

    private static Optional<Spawn> spawn(Columns row) throws SQLException {
        Optional<String> id = row.optionalString("spawn_id");
        Optional<Long> pid = row.optionalNumber("pid");
        if (id.isEmpty() || pid.isEmpty()) {
            return id.map(Spawn::intended);
        }
        return Optional.of(Spawn.intended(id.get())
                .as(new ProcessIdentity(pid.get(), row.number("start_ticks"), row.string("boot_id"))));
    }

    private static <T> T read(String json, Class<T> type) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return FrameCodec.decodeData(bytes, 0, bytes.length, type);
    }
}
