package dev.fairlead.gateway;

import dev.fairlead.gateway.auth.SealedKey;
import dev.fairlead.gateway.auth.SigningKey;
import dev.fairlead.gateway.cluster.AdmissionRules;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.store.OwnTransactions;
import dev.fairlead.gateway.store.SchemaCheck;
import dev.fairlead.gateway.store.SideConnection;
import dev.fairlead.gateway.store.WriteConnection;
import dev.fairlead.gateway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/**
 * Lets a node into its fleet, before it is a member and anybody hears of it: by the database, which it must be able to
 * open, with the password and the signing key of the others.
 *
 * @param fleet what tells this fleet's members from all others; only who has its key knows it
 * @param key the fleet's
 */
@OwnTransactions("a node that is not let in has no writer")
record Admission(String fleet, SigningKey key) {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final String SEALED = "SELECT salt, sealed FROM cluster_secrets WHERE id = 1";

    private static final String SEAL =
            "INSERT INTO cluster_secrets (id, salt, sealed, made_by) VALUES (1, ?, ?, ?) ON CONFLICT DO NOTHING";

    private static final String OTHERS = "SELECT node FROM agents WHERE node <> ? LIMIT 1";

    private static final String REFUSE = "INSERT INTO cluster_refusals (node, why, at) VALUES (?, ?, clock_timestamp())"
            + " ON CONFLICT (node) DO UPDATE SET why = EXCLUDED.why, at = EXCLUDED.at";

    private record Found(Optional<SigningKey> key, AdmissionRules.Key how) {}

    @Override
    public String toString() {
        return "Admission[********]";
    }

    /** Asks for it, on a thread of its own and a Vert.x that is gone afterwards; fails with the reason. */
    static Future<Admission> ask(Settings settings, TimeSource time) {
        Promise<Admission> asked = Promise.promise();
        new Thread(
                        () -> {
                            try {
                                asked.complete(admit(settings, time));
                            } catch (IOException | SQLException | RuntimeException e) {
                                asked.fail(e);
                            }
                        },
                        "fairlead-admission")
                .start();
        return asked.future();
    }

    private static Admission admit(Settings settings, TimeSource time) throws IOException, SQLException {
        DataFolder folder = DataFolder.open(settings.dataDir());
        NodeSecrets secrets = NodeSecrets.load(settings, folder);
        Vertx vertx = Vertx.vertx();
        try {
            Database database = get(Database.openShared(
                    vertx, settings.db(), folder, settings.cluster().lease().dividedBy(3)));
            try (SideConnection side = database.beside(PATIENCE)) {
                return admit(settings, time, secrets, side);
            } finally {
                get(database.close());
            }
        } finally {
            get(vertx.close());
        }
    }

    private static Admission admit(Settings settings, TimeSource time, NodeSecrets secrets, SideConnection side)
            throws IOException, SQLException {
        boolean passwordGiven = secrets.passwordFile().isEmpty();
        Optional<String> newer = side.run(c -> {
            try {
                return SchemaCheck.unknown(c);
            } catch (IOException e) {
                throw new SQLException(e);
            }
        });
        Found found = new Found(Optional.empty(), AdmissionRules.Key.SAME);
        AdmissionRules.Candidate node =
                new AdmissionRules.Candidate(passwordGiven, found.how(), skew(side, time), newer);
        Optional<String> why = AdmissionRules.refusal(node);
        if (why.isEmpty()) { // who is not let in gives the fleet no key
            found = side.run(c -> key(c, settings, secrets));
            why = AdmissionRules.refusal(node.with(found.how()));
        }
        if (why.isPresent()) {
            String reason = why.get();
            side.run(c -> c.update(REFUSE, secrets.node(), reason));
            throw new IOException("This node, " + secrets.node() + ", does not join the cluster: " + reason);
        }
        String identity =
                side.run(c -> c.queryOne("SELECT identity FROM store_state WHERE id = 1", row -> row.string("identity"))
                        .orElseThrow());
        SigningKey key = found.key().orElseThrow();
        return new Admission(
                "fairlead-" + identity + "-" + HexFormat.of().formatHex(key.derive("fairlead members 1")), key);
    }

    /** The fleet's key; this node's, where it is the first of the fleet. */
    private static Found key(WriteConnection c, Settings settings, NodeSecrets secrets) throws SQLException {
        boolean given = settings.auth().signingKey().isPresent()
                || settings.auth().signingKeyFile().isPresent();
        Optional<SealedKey> before = sealed(c);
        if (before.isEmpty()) {
            if (!given
                    && c.queryOne(OTHERS, row -> row.string("node"), secrets.node())
                            .isPresent()) {
                return new Found(Optional.empty(), AdmissionRules.Key.NOT_THE_FIRST);
            }
            SealedKey fresh = SealedKey.seal(secrets.signingKey(), secrets.adminPassword());
            c.update(SEAL, fresh.salt(), fresh.sealed(), secrets.node());
        }
        Optional<SigningKey> key = sealed(c).flatMap(one -> one.open(secrets.adminPassword()));
        if (key.isEmpty()) {
            return new Found(key, AdmissionRules.Key.ANOTHER_PASSWORD);
        }
        return new Found(
                key,
                given && !key.get().reveal().equals(secrets.signingKey().reveal())
                        ? AdmissionRules.Key.ANOTHER_KEY
                        : AdmissionRules.Key.SAME);
    }

    private static Optional<SealedKey> sealed(WriteConnection c) throws SQLException {
        return c.queryOne(SEALED, row -> new SealedKey(row.string("salt"), row.string("sealed")));
    }

    /** Of this machine's wall clock against the database's: the way there and back counted in half. */
    private static Duration skew(SideConnection side, TimeSource time) throws SQLException {
        Instant before = time.instant();
        Instant there = side.run(c -> c.queryOne("SELECT clock_timestamp() AS now", row -> row.instant("now"))
                .orElseThrow());
        Instant after = time.instant();
        return Duration.between(
                there, before.plus(Duration.between(before, after).dividedBy(2)));
    }

    private static <T> T get(Future<T> future) throws IOException {
        try {
            return future.toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException known ? known : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted at its start", e);
        }
    }
}
