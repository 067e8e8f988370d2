package dev.fairlead.gateway.chat.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.time.ManualTime;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.protocol.ChatFrame;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds of budgets on every database. Names are unique per test: a server's tables outlive it. */
abstract class SpendingContract {
    private static final ChatFrame.Usage HUNDRED = new ChatFrame.Usage(60, 40);

    private final Vertx vertx = Vertx.vertx();
    private final ManualTime time = new ManualTime();
    private final String unique = UUID.randomUUID().toString();

    @TempDir
    Path temp;

    private Database database;

    abstract Settings.Db settings();

    @BeforeEach
    void open() throws Exception {
        database = await(Database.open(vertx, settings(), DataFolder.open(temp.resolve("data"))));
    }

    @AfterEach
    void close() throws Exception {
        await(database.close());
        await(vertx.close());
    }

    @Test
    void a_budget_that_is_used_up_is_refused_with_what_mends_it() throws Exception {
        Spending spending = spending("llm.budget.session_tokens=150");
        spend(spending, "s", HUNDRED);
        spend(spending, "s", HUNDRED);
        assertThatThrownBy(() -> spend(spending, "s", HUNDRED))
                .isInstanceOfSatisfying(FairleadException.class, refusal -> assertThat(refusal.code())
                        .isEqualTo(ErrorCode.BUDGET_EXHAUSTED))
                .hasMessageContaining("200 of 150 tokens")
                .hasMessageContaining("llm.budget.session_tokens");
        spend(spending, "another", HUNDRED);
    }

    @Test
    void what_is_under_way_counts_before_it_is_settled() throws Exception {
        Spending spending = spending("llm.budget.agent_tokens=150");
        Spending.Reservation first = await(spending.reserve(who("s"), new ChatFrame.Usage(100, 100)));
        assertThatThrownBy(() -> await(spending.reserve(who("t"), HUNDRED))).hasMessageContaining("used up");
        await(first.settle(new ChatFrame.Usage(10, 10)));
        spend(spending, "t", HUNDRED);
    }

    @Test
    void money_is_counted_by_the_price_table() throws Exception {
        Spending spending = spending("llm.budget.session_usd=0.001", "llm.prices=m-1=2.50/10,other=0/0");
        spend(spending, "s", new ChatFrame.Usage(199, 50)); // 0.0004975 + 0.0005
        spend(spending, "s", new ChatFrame.Usage(0, 1));
        assertThatThrownBy(() -> spend(spending, "s", HUNDRED)).hasMessageContaining("of 0.001");
    }

    @Test
    void a_restart_forgets_neither_what_was_spent_nor_what_was_reserved() throws Exception {
        await(spending("llm.budget.session_tokens=150").reserve(who("s"), new ChatFrame.Usage(100, 100)));
        assertThatThrownBy(() -> spend(spending("llm.budget.session_tokens=150"), "s", HUNDRED))
                .hasMessageContaining("200 of 150");
    }

    @Test
    void a_day_begins_anew() throws Exception {
        Spending spending = spending("llm.budget.session_tokens=100");
        spend(spending, "s", HUNDRED);
        time.advance(Duration.ofDays(1));
        spend(spending, "s", HUNDRED);
        assertThatThrownBy(() -> spend(spending, "s", HUNDRED)).hasMessageContaining("100 of 100");
    }

    private void spend(Spending spending, String session, ChatFrame.Usage used) throws Exception {
        await(await(spending.reserve(who(session), used)).settle(used));
    }

    private Spender who(String session) {
        return new Spender(session + "-" + unique, "turn-" + unique, "llm-" + unique);
    }

    private StoredSpending spending(String... more) {
        String[] all = java.util.Arrays.copyOf(more, more.length + 1);
        all[more.length] = "llm.model=m-1";
        return new StoredSpending(
                Ledger.of(database, new VertxScheduler(vertx)), Settings.of(all).llm(), time);
    }

    private static <T> T await(Future<T> future) throws Exception {
        try {
            return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
