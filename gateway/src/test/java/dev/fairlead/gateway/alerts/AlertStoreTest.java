package dev.fairlead.gateway.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.gateway.alerts.receivers.Notice;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.ledger.TestLedgers;
import dev.fairlead.gateway.settings.AlertRule;
import dev.fairlead.gateway.settings.AlertRule.Kind;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.time.ManualTime;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of alerts, on a database that is away for a while too. */
class AlertStoreTest {
    private static final String RULE = "instance_failed@web";

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final ManualTime time = new ManualTime();
    private final Silences silences = new Silences();
    private final Alerts alerts = new Alerts(time, () -> "alert-1", silences);

    @TempDir
    private Path temp;

    private Database database;

    @BeforeEach
    void open() throws Exception {
        database = await(Database.open(
                vertx,
                new Settings.Db(Optional.empty(), Optional.empty(), Optional.empty(), 2),
                DataFolder.open(temp.resolve("data"))));
    }

    @AfterEach
    void close() throws Exception {
        await(database.close());
        await(vertx.close());
    }

    @Test
    void what_was_told_while_the_database_was_away_is_not_told_again_after_a_restart() throws Exception {
        AtomicBoolean away = new AtomicBoolean(true);
        AlertStore store = new AlertStore(TestLedgers.of(database, time, away::get), List.of("webhook", "ntfy"));
        alerts.add(AlertRule.parse(RULE));
        List<Change> fired = alerts.holds(Kind.INSTANCE_FAILED, "web", "it failed");
        onLoop(() -> {
            store.keep(fired);
            store.settled("webhook", notice(fired.get(0).alert()));
            store.keep(List.of(new Change(fired.get(0).alert(), false, Optional.empty())));
            return Future.succeededFuture();
        });
        away.set(false);

        onLoop(() -> {
            time.advance(Duration.ofSeconds(5));
            return store.close();
        });

        AlertRows.Kept kept = await(database.write(AlertRows::all));
        assertThat(kept.alerts()).extracting(Alert::id).containsExactly("alert-1");
        assertThat(kept.notices()).extracting(AlertRows.Waiting::receiver).containsExactly("ntfy");
    }

    @Test
    void what_waits_for_a_receiver_that_is_no_more_is_given_up() throws Exception {
        AlertStore store = new AlertStore(Ledger.of(database, time), List.of("webhook", "ntfy"));
        alerts.add(AlertRule.parse(RULE));
        List<Change> fired = alerts.holds(Kind.INSTANCE_FAILED, "web", "it failed");
        onLoop(() -> {
            store.keep(fired);
            return store.close();
        });

        AlertRows.Kept kept = await(database.write(c -> AlertRows.begin(c, List.of("ntfy"))));

        assertThat(kept.notices()).extracting(AlertRows.Waiting::receiver).containsExactly("ntfy");
        assertThat(await(database.write(AlertRows::all)).notices()).hasSize(1);
    }

    @Test
    void of_two_who_add_the_same_rule_at_once_one_is_refused() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        AlertDesk desk = new AlertDesk(
                Ledger.of(database, time), time, alerts, silences, List.of(), changes -> {}, looks::incrementAndGet);
        AlertCommands.AddRule command = new AlertCommands.AddRule(RULE);

        assertThatThrownBy(() -> onLoop(() -> Future.join(desk.add(command), desk.add(command))))
                .cause()
                .isInstanceOfSatisfying(FairleadException.class, refusal -> assertThat(refusal.code())
                        .isEqualTo(ErrorCode.CONFLICT));
        assertThat(alerts.rules()).hasSize(1);
        assertThat(looks).as("the rule is told what is so already").hasValue(1);
    }

    private static Notice notice(Alert alert) {
        return new Notice(
                alert.id(),
                Notice.Status.FIRING,
                alert.rule(),
                alert.kind(),
                alert.kind().severity(),
                alert.subject(),
                alert.summary(),
                alert.startedAt(),
                alert.resolvedAt(),
                alert.count());
    }

    private <T> T onLoop(Supplier<Future<T>> work) throws Exception {
        return await(Future.future(done -> loop.runOnContext(turn -> work.get().onComplete(done))));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
