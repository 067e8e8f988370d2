package dev.fairlead.gateway.store;

import java.sql.SQLException;

/**
 * One caller's share of a write transaction.
 *
 * <p>Units that wait together are committed together. Where one of them fails the group is rolled back and run again
 * without harm to its neighbours, so <strong>a unit must bear to run more than once</strong>: it decides by what it
 * reads and writes through the connection, and touches nothing else. What is expected, such as a key that exists
 * already, is better returned than thrown: a throw costs the whole group a second run.
 *
 * <p>It runs on the writer's thread and holds up every other writer: no waiting, no I/O but the statements.
 */
@FunctionalInterface
public interface WriteUnit<T> {
    /**
     * Does the statements.
     *
     * @throws SQLException of a statement, passed on to the caller of this unit
     * @throws dev.fairlead.protocol.FairleadException to refuse; nothing of this unit is kept
     */
    T apply(WriteConnection c) throws SQLException;
}
