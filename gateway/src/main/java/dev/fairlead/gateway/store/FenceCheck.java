package dev.fairlead.gateway.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Holds a group against the leases its units were decided under: their rows are locked for as long as the transaction
 * lasts, in the order of their names, so that nobody is given one meanwhile and no two groups wait for each other. The
 * rows are not changed, which would leave a dead one behind for each commit. A group without fences costs nothing.
 */
public final class FenceCheck {
    /** Names of one statement; unused places repeat the last, so that few statements serve all lengths. */
    private static final List<Integer> SIZES = List.of(1, 4, 16, 64);

    private static final int MOST = 64;

    private FenceCheck() {}

    /**
     * The units of the group that may be run; the others know that their lease is lost.
     *
     * @throws SQLException if the rows cannot be read and locked
     */
    static List<PendingWrite<?>> hold(WriteConnection c, List<PendingWrite<?>> group) throws SQLException {
        SortedSet<String> asked = new TreeSet<>();
        for (PendingWrite<?> write : group) {
            for (Fence fence : write.under()) {
                asked.add(fence.name());
            }
        }
        if (asked.isEmpty()) {
            return group;
        }
        Map<String, Fence> held = lock(c, List.copyOf(asked));
        List<PendingWrite<?>> sound = new ArrayList<>(group.size());
        for (PendingWrite<?> write : group) {
            write.under().stream()
                    .filter(fence -> !fence.equals(held.get(fence.name())))
                    .findFirst()
                    .ifPresentOrElse(lost -> write.fail(new LeaseLostException(lost)), () -> sound.add(write));
        }
        return sound;
    }

    /**
     * Those of the fences that still hold, in the order of their names; they do until the transaction ends.
     *
     * @throws SQLException if the rows cannot be read and locked
     */
    public static List<Fence> held(WriteConnection c, Collection<Fence> fences) throws SQLException {
        List<String> names =
                fences.stream().map(Fence::name).distinct().sorted().toList();
        Map<String, Fence> held = lock(c, names);
        return fences.stream()
                .filter(fence -> fence.equals(held.get(fence.name())))
                .sorted(Comparator.comparing(Fence::name))
                .toList();
    }

    private static Map<String, Fence> lock(WriteConnection c, List<String> names) throws SQLException {
        Map<String, Fence> held = new HashMap<>();
        for (int from = 0; from < names.size(); from += MOST) {
            List<String> some = names.subList(from, Math.min(names.size(), from + MOST));
            int size =
                    SIZES.stream().filter(one -> one >= some.size()).findFirst().orElse(MOST);
            Object[] params = new Object[size];
            for (int i = 0; i < size; i++) {
                params[i] = some.get(Math.min(i, some.size() - 1));
            }
            for (Fence fence : c.query(
                    statement(size),
                    row -> new Fence(row.string("name"), row.string("owner"), row.number("fence")),
                    params)) {
                held.put(fence.name(), fence);
            }
        }
        return held;
    }

    private static String statement(int names) {
        return "SELECT name, owner, fence FROM leases WHERE name IN (" + "?, ".repeat(names - 1)
                + "?) ORDER BY name FOR NO KEY UPDATE";
    }
}
