package dev.fairlead.gateway.cluster;

/** Whether a node is there, as a condition in SQL, on PostgreSQL: by its lease and the clock of the database. */
public final class NodeThere {
    private NodeThere() {}

    /**
     * True where the node is not there.
     *
     * @param column that has its name; nothing that was typed in
     */
    public static String not(String column) {
        return "NOT EXISTS (SELECT 1 FROM leases l WHERE l.name = 'node/' || " + column
                + " AND l.owner <> '' AND l.ends_at > clock_timestamp())";
    }
}
