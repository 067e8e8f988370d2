package dev.fairlead.gateway.edge.access;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** The kernel's table of TCP sockets ({@code /proc/net/tcp}, {@code tcp6}): who owns the peer's end of a connection. */
final class TcpTable {
    private static final String ESTABLISHED = "01";
    private static final int STATE = 3;
    private static final int UID = 7;
    private static final int INODE = 9;
    private static final int LEAST_COLUMNS = 10;

    private final Map<String, TcpEnds> wanted = new HashMap<>();
    private final Map<TcpEnds, Row> found = new HashMap<>();

    /**
     * One socket.
     *
     * @param open whether it is established and some process still holds it: a row of a socket that was closed shows
     *     uid 0, whoever's it was
     * @param uid of the account that opened it
     * @param inode that the holder's descriptor names
     */
    record Row(boolean open, long uid, long inode) {}

    /**
     * Looks for these.
     *
     * @param order of the bytes of this machine, in which the kernel prints addresses
     */
    TcpTable(Collection<TcpEnds> connections, ByteOrder order) {
        connections.forEach(one -> one.columns(order).forEach(columns -> wanted.put(columns, one)));
    }

    /** Reads one of the two tables, row by row; what is no row is passed over. */
    void read(Reader table) throws IOException {
        BufferedReader rows = new BufferedReader(table);
        for (String row = rows.readLine(); row != null; row = rows.readLine()) {
            TcpEnds ends = wanted.get(addresses(row));
            if (ends != null) {
                String[] columns = row.strip().split("\\s+", -1);
                if (columns.length >= LEAST_COLUMNS) {
                    found.put(ends, row(columns));
                }
            }
        }
    }

    /** Whether a row was seen for each. */
    boolean isComplete() {
        return found.keySet().containsAll(wanted.values());
    }

    /** What was found, by connection. */
    Map<TcpEnds, Row> found() {
        return Map.copyOf(found);
    }

    /** Local and remote address: what follows the row's number. The rest is looked at in rows that are wanted alone. */
    private static String addresses(String row) {
        int number = row.indexOf(": ");
        int from = number + 2;
        int between = row.indexOf(' ', from);
        int to = row.indexOf(' ', between + 1);
        return number < 0 || between < 0 || to < 0 ? "" : row.substring(from, to);
    }

    private static Row row(String[] columns) {
        try {
            long inode = Long.parseLong(columns[INODE]);
            return new Row(columns[STATE].equals(ESTABLISHED) && inode != 0, Long.parseLong(columns[UID]), inode);
        } catch (NumberFormatException e) {
            return new Row(false, 0, 0);
        }
    }
}
