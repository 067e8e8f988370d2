package dev.fairlead.gateway.cluster;

import dev.fairlead.gateway.store.Fence;
import dev.fairlead.gateway.store.FenceCheck;
import dev.fairlead.gateway.store.OwnTransactions;
import dev.fairlead.gateway.store.SideConnection;
import dev.fairlead.gateway.store.WriteConnection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Asks the table of leases. Times are the database's, read while the row is locked. Renewals and takes are transactions
 * of their own, each locking in the order of names, so that they wait for no cycle of others. Blocks.
 */
@OwnTransactions("a writer that stands still must not end what its node holds")
final class LeaseRows {
    private static final String RENEW =
            "UPDATE leases SET ends_at = clock_timestamp() + ? * INTERVAL '1 millisecond' WHERE name = ?";

    private static final String HAND_BACK = "UPDATE leases SET owner = '', ends_at = clock_timestamp() WHERE name = ?";

    /**
     * A row that was forgotten begins behind all that it was: with milliseconds of the database's clock, of which more
     * pass than lives.
     */
    private static final String MAKE = "INSERT INTO leases (name, owner, fence, ends_at)"
            + " VALUES (?, '', FLOOR(EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::BIGINT, clock_timestamp())"
            + " ON CONFLICT DO NOTHING";

    /** Passes over what somebody has locked: one node that stands still must not keep another from renewing. */
    private static final String FREE = "SELECT fence FROM leases WHERE name = ?"
            + " AND (owner = '' OR ends_at <= clock_timestamp()) FOR NO KEY UPDATE SKIP LOCKED";

    private static final String TAKE = "UPDATE leases SET owner = ?, fence = ?,"
            + " ends_at = clock_timestamp() + ? * INTERVAL '1 millisecond' WHERE name = ?";

    private static final String LOOK = "SELECT name, owner, fence, ends_at <= clock_timestamp() AS ended FROM leases"
            + " ORDER BY name LIMIT 10000";

    /** Nodes come and go under ever new names; whoever was away for so long has nothing in hand any more. */
    private static final String FORGET =
            "DELETE FROM leases WHERE name LIKE 'node/%' AND ends_at < clock_timestamp() - INTERVAL '7 days'";

    private final SideConnection side;
    private final String node;
    private final long leaseMillis;

    LeaseRows(SideConnection side, String node, Duration lease) {
        this.side = side;
        this.node = node;
        this.leaseMillis = lease.toMillis();
    }

    /** Removes the rows of nodes that have long been gone; gives how many. */
    int forget() throws SQLException {
        return side.run(c -> c.update(FORGET));
    }

    /**
     * Does what was planned, then looks.
     *
     * @throws SQLException if what became of it is not known
     */
    LeaseRules.Answer ask(LeaseRules.Plan plan) throws SQLException {
        List<Fence> renewed = List.of();
        if (!plan.renew().isEmpty() || !plan.handBack().isEmpty()) {
            renewed = side.run(c -> keep(c, plan));
        }
        List<Fence> taken = plan.take().isEmpty() ? List.of() : side.run(c -> take(c, plan.take()));
        return new LeaseRules.Answer(renewed, taken, side.run(LeaseRows::look));
    }

    private List<Fence> keep(WriteConnection c, LeaseRules.Plan plan) throws SQLException {
        List<Fence> all = new ArrayList<>(plan.renew());
        all.addAll(plan.handBack());
        List<Fence> held = FenceCheck.held(c, all);
        List<Fence> renewed = held.stream().filter(plan.renew()::contains).toList();
        c.batch(
                RENEW,
                renewed.stream()
                        .map(one -> new Object[] {leaseMillis, one.name()})
                        .toList());
        c.batch(
                HAND_BACK,
                held.stream()
                        .filter(plan.handBack()::contains)
                        .map(one -> new Object[] {one.name()})
                        .toList());
        return renewed;
    }

    private List<Fence> take(WriteConnection c, List<LeaseName> names) throws SQLException {
        c.batch(MAKE, names.stream().map(name -> new Object[] {name.text()}).toList());
        List<Fence> taken = new ArrayList<>();
        for (LeaseName name : names) {
            Optional<Long> before = c.queryOne(FREE, row -> row.number("fence"), name.text());
            before.ifPresent(fence -> taken.add(new Fence(name.text(), node, fence + 1)));
        }
        c.batch(
                TAKE,
                taken.stream()
                        .map(one -> new Object[] {node, one.number(), leaseMillis, one.name()})
                        .toList());
        return taken;
    }

    private static List<LeaseRules.Row> look(WriteConnection c) throws SQLException {
        return c.query(
                LOOK,
                row -> new LeaseRules.Row(
                        new LeaseName(row.string("name")),
                        row.string("owner"),
                        row.number("fence"),
                        row.bool("ended")));
    }
}
