package dev.fairlead.gateway.approvals;

import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.store.WriteConnection;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.Names;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the inbox, and keeps the questions of those who have no table of their own. */
final class ApprovalInbox {
    /** Most questions that wait at a time of those who have no table of their own. */
    static final int MOST_WAITING = 10_000;

    static final int PRUNE_BATCH = 500;

    /** How long what is answered is shown. */
    private static final Duration RETENTION = Duration.ofDays(7);

    private static final String LATEST =
            "SELECT " + ApprovalRows.COLUMNS + " FROM approvals ORDER BY created_at DESC, approval_id LIMIT ?";
    private static final String LATEST_OF_STATUS = "SELECT " + ApprovalRows.COLUMNS
            + " FROM approvals WHERE status = ? ORDER BY created_at DESC, approval_id LIMIT ?";
    private static final String WAITING_HERE =
            "SELECT COUNT(*) AS many FROM approvals WHERE status = 'waiting' AND kind IN ('acp', 'mcp')";
    private static final String DUE = "SELECT " + ApprovalRows.COLUMNS
            + " FROM approvals WHERE status = 'waiting' AND kind IN ('acp', 'mcp') AND expires_at <= ?";
    private static final String NEXT_DUE =
            "SELECT MIN(expires_at) AS due FROM approvals WHERE status = 'waiting' AND kind IN ('acp', 'mcp')";
    private static final String PRUNE = "DELETE FROM approvals WHERE approval_id IN (SELECT approval_id FROM approvals"
            + " WHERE status <> 'waiting' AND decided_at < ? LIMIT ?)";

    private final Database database;
    private final Ledger ledger;
    private final TimeSource time;

    ApprovalInbox(Database database, Ledger ledger, TimeSource time) {
        this.database = database;
        this.ledger = ledger;
        this.time = time;
    }

    Future<ApprovalCommands.Approvals> list(ApprovalCommands.ListApprovals asked) {
        Tuple parameters = asked.status()
                .map(status -> Tuple.of(status.wire(), asked.limit()))
                .orElseGet(() -> Tuple.of(asked.limit()));
        return all(asked.status().isPresent() ? LATEST_OF_STATUS : LATEST, parameters)
                .map(ApprovalCommands.Approvals::new);
    }

    /** Fails with {@code not_found}. */
    Future<Approval> require(String id) {
        return all(ApprovalRows.ONE, Tuple.of(id))
                .map(found -> found.stream().findFirst().orElseThrow(() -> notFound(id)));
    }

    /**
     * A question as it is kept.
     *
     * @param known whether it was there before
     */
    record Kept(Approval approval, boolean known) {}

    /**
     * Keeps a question, unless there is one under its id.
     *
     * @param anew whether one that was answered is in the way no more
     */
    Future<Kept> ask(Approval approval, boolean anew) {
        return ledger.commit(c -> {
            Optional<Approval> before = ApprovalRows.find(c, approval.id());
            if (before.filter(one -> !anew || one.status() == Approval.Status.WAITING)
                    .isPresent()) {
                return new Kept(before.get(), true);
            }
            if (c.queryOne(WAITING_HERE, row -> row.number("many")).orElse(0L) >= MOST_WAITING) {
                throw new FairleadException(
                        ErrorCode.BUSY,
                        MOST_WAITING + " approvals wait already; answer some (fairlead approvals) and try again");
            }
            ApprovalRows.ask(c, approval);
            return new Kept(approval, false);
        });
    }

    /**
     * Settles what waits.
     *
     * @return as it is then; empty where it did not wait
     */
    Future<Optional<Approval>> settle(String id, Approval.Status status) {
        Instant now = time.instant();
        return ledger.commit(c -> settle(c, id, status, now));
    }

    /**
     * What nobody has answered in time is over, whether there is a database now or later.
     *
     * @return those that were not answered meanwhile, as they are now
     */
    Future<List<Approval>> expire(List<Approval> due) {
        return ledger.keep(
                Ledger.once(mayBeKept -> {
                    Instant now = time.instant();
                    return c -> {
                        List<Approval> over = new ArrayList<>();
                        for (Approval one : due) {
                            expired(c, one.id(), mayBeKept, now).ifPresent(over::add);
                        }
                        return over;
                    };
                }),
                () -> {});
    }

    private static Optional<Approval> expired(WriteConnection c, String id, boolean mayBeKept, Instant now)
            throws SQLException {
        Optional<Approval> settled = settle(c, id, Approval.Status.EXPIRED, now);
        return settled.isPresent() || !mayBeKept
                ? settled
                : ApprovalRows.find(c, id).filter(found -> found.status() == Approval.Status.EXPIRED);
    }

    private static Optional<Approval> settle(WriteConnection c, String id, Approval.Status status, Instant now)
            throws SQLException {
        return ApprovalRows.settle(c, id, status, now) ? ApprovalRows.find(c, id) : Optional.empty();
    }

    /** When the first of the questions kept here is due to expire. */
    Future<Optional<Instant>> nextDue() {
        return database.read(c -> c.preparedQuery(NEXT_DUE).execute().map(rows -> Optional.ofNullable(
                        rows.iterator().next().getOffsetDateTime("due"))
                .map(OffsetDateTime::toInstant)));
    }

    /** Questions kept here whose time is up. */
    Future<List<Approval>> due() {
        return all(DUE, Tuple.of(time.instant().atOffset(ZoneOffset.UTC)));
    }

    /** Forgets what was answered long ago, a batch of it. */
    static int prune(WriteConnection c, Instant now) throws SQLException {
        return c.update(PRUNE, now.minus(RETENTION), PRUNE_BATCH);
    }

    static FairleadException notFound(String id) {
        return new FairleadException(
                ErrorCode.NOT_FOUND, "No approval '" + Names.shown(id) + "'; fairlead approvals lists those there are");
    }

    private Future<List<Approval>> all(String sql, Tuple parameters) {
        return database.read(c -> c.preparedQuery(sql).execute(parameters).map(ApprovalRows.APPROVAL::all));
    }
}
