package dev.fairlead.gateway.cli.doctor;

import dev.fairlead.gateway.Version;
import dev.fairlead.gateway.auth.SealedKey;
import dev.fairlead.gateway.auth.SigningKey;
import dev.fairlead.gateway.cluster.AdmissionRules;
import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.OwnTransactions;
import dev.fairlead.gateway.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeSet;

/** Whether this node goes with its fleet: clock, the way to the database, key, version. Nothing of it is changed. */
@OwnTransactions("it looks, and there is no gateway")
final class ClusterCheck {
    private static final String SUBJECT = "cluster";
    private static final int TIMEOUT_S = 5;
    private static final int LOOKS = 5;

    /** A renewal takes two ways there and back, and is due at a third of the lease. */
    private static final int SHARE_OF_LEASE = 20;

    private ClusterCheck() {}

    /**
     * What was seen in the database.
     *
     * @param way there and back, the shortest of a few
     * @param skew of this machine's clock against the database's; ahead is positive
     * @param versions of the nodes that are known
     * @param opens whether the admin password opens the fleet's key; empty where there is none yet, or no password
     * @param sameKey whether a key that is given is the fleet's; empty where none is given, or it is not known
     */
    record Seen(
            Duration way, Duration skew, List<String> versions, Optional<Boolean> opens, Optional<Boolean> sameKey) {}

    static List<Finding> run(Settings settings, TimeSource time) {
        if (!settings.cluster().enabled()) {
            return List.of();
        }
        Properties login = new Properties();
        settings.db().user().ifPresent(user -> login.setProperty("user", user));
        settings.db().password().map(Secret::reveal).ifPresent(password -> login.setProperty("password", password));
        login.setProperty("connectTimeout", Integer.toString(TIMEOUT_S));
        login.setProperty("socketTimeout", Integer.toString(TIMEOUT_S));
        try (Connection connection =
                DriverManager.getConnection(settings.db().url().orElseThrow(), login)) {
            return judge(
                    look(connection, settings.auth(), time), settings.cluster().lease());
        } catch (SQLException e) {
            return List.of(); // told by the check of the database
        } catch (IOException | IllegalArgumentException e) {
            return List.of(
                    Finding.fault(SUBJECT, "a secret that the settings name cannot be read", "see 'secrets' above"));
        }
    }

    static List<Finding> judge(Seen seen, Duration lease) {
        List<Finding> findings = new ArrayList<>();
        Duration slow = lease.dividedBy(SHARE_OF_LEASE);
        String way = "the database answers within " + seen.way().toMillis() + " ms";
        findings.add(
                seen.way().compareTo(slow) <= 0
                        ? Finding.good(SUBJECT, way)
                        : Finding.warning(
                                SUBJECT,
                                way + ", and leases of " + lease.toSeconds() + " s leave " + slow.toMillis() + " ms",
                                "set a longer cluster.lease on all nodes, or bring them nearer to the database"));
        String skew = "this clock is " + seen.skew().abs().toMillis() + " ms "
                + (seen.skew().isNegative() ? "behind" : "ahead of") + " the database's";
        findings.add(
                seen.skew().abs().compareTo(AdmissionRules.MOST_SKEW) <= 0
                        ? Finding.good(SUBJECT, skew)
                        : Finding.fault(SUBJECT, skew, "set the clock (NTP); a node that far off is not let in"));
        seen.opens()
                .ifPresent(opens -> findings.add(
                        opens
                                ? Finding.good(SUBJECT, "the admin password is the fleet's")
                                : Finding.fault(
                                        SUBJECT,
                                        "the admin password does not open the fleet's key",
                                        "give this node the password that the other nodes have")));
        seen.sameKey()
                .filter(same -> !same)
                .ifPresent(other -> findings.add(Finding.fault(
                        SUBJECT,
                        "the signing key is not the fleet's",
                        "give it that of the other nodes, or none: then it finds it in the database")));
        List<String> others = seen.versions().stream()
                .filter(version -> !version.equals(Version.current()))
                .toList();
        if (!others.isEmpty()) {
            findings.add(Finding.warning(
                    SUBJECT,
                    "this is version " + Version.current() + ", and there are nodes of " + String.join(", ", others),
                    "two versions that follow each other go together while you replace one by the other, no longer"));
        }
        return findings;
    }

    private static Seen look(Connection connection, Settings.Auth auth, TimeSource time)
            throws SQLException, IOException {
        try (Statement statement = connection.createStatement()) {
            Clock clock = clock(statement, time);
            for (int i = 1; i < LOOKS; i++) {
                Clock again = clock(statement, time);
                clock = again.way().compareTo(clock.way()) < 0 ? again : clock;
            }
            if (!hasTable(statement, "cluster_secrets") || !hasTable(statement, "cluster_nodes")) {
                return new Seen(clock.way(), clock.skew(), List.of(), Optional.empty(), Optional.empty());
            }
            Optional<String> password = given(auth.adminPassword(), auth.adminPasswordFile());
            @SuppressWarnings("OptionalMapToOptional") // whether there is one to open, and whether it opened
            Optional<Optional<SigningKey>> opened = sealed(statement).flatMap(key -> password.map(key::open));
            Optional<SigningKey> own =
                    given(auth.signingKey(), auth.signingKeyFile()).map(SigningKey::parse);
            return new Seen(
                    clock.way(),
                    clock.skew(),
                    versions(statement),
                    opened.map(Optional::isPresent),
                    opened.flatMap(fleets -> fleets)
                            .flatMap(fleets -> own.map(key -> key.reveal().equals(fleets.reveal()))));
        }
    }

    /** The database's: the way there and back counted in half. */
    private record Clock(Duration way, Duration skew) {}

    private static Clock clock(Statement statement, TimeSource time) throws SQLException {
        long begun = time.nanos();
        Instant here = time.instant();
        try (ResultSet row = statement.executeQuery("SELECT clock_timestamp()")) {
            row.next();
            Duration way = Duration.ofNanos(time.nanos() - begun);
            return new Clock(way, Duration.between(row.getTimestamp(1).toInstant(), here.plus(way.dividedBy(2))));
        }
    }

    private static boolean hasTable(Statement statement, String name) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT to_regclass('" + name + "') IS NOT NULL")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private static Optional<SealedKey> sealed(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT salt, sealed FROM cluster_secrets WHERE id = 1")) {
            return row.next() ? Optional.of(new SealedKey(row.getString(1), row.getString(2))) : Optional.empty();
        }
    }

    private static List<String> versions(Statement statement) throws SQLException {
        TreeSet<String> versions = new TreeSet<>();
        try (ResultSet row = statement.executeQuery(
                "SELECT n.version FROM cluster_nodes n JOIN leases l ON l.name = 'node/' || n.name"
                        + " WHERE l.owner <> '' AND l.ends_at > clock_timestamp() LIMIT 10000")) {
            while (row.next()) {
                versions.add(row.getString(1));
            }
        }
        return List.copyOf(versions);
    }

    private static Optional<String> given(Optional<Secret> value, Optional<Path> file) throws IOException {
        return value.isPresent() || file.isEmpty()
                ? value.map(Secret::reveal)
                : Optional.of(Files.readString(file.get()).strip());
    }
}
