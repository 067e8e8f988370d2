package dev.fairlead.gateway.edge.access;

import java.io.IOException;
import java.io.Reader;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tells whose the other ends of connections are, from what the kernel shows in {@code /proc}. Reads files: for workers.
 * Stateless.
 */
final class PeerOwners {
    private static final Path PROC = Path.of("/proc");
    private static final Path TCP = Path.of("/proc/net/tcp");
    private static final Path TCP6 = Path.of("/proc/net/tcp6");
    /** A row may be passed over while the table changes under the reader. */
    private static final int READS = 3;

    private static final String SOCKET = "socket:[";

    private final long ownUid;
    private final String ownAccount;
    private final long overflowUid;
    private final long ownPid;

    private PeerOwners(long ownUid, long overflowUid, long ownPid) {
        this.ownUid = ownUid;
        this.ownAccount = Accounts.told(ownUid);
        this.overflowUid = overflowUid;
        this.ownPid = ownPid;
    }

    /** Those of this machine; empty where it does not tell. */
    static Optional<PeerOwners> ofThisMachine() {
        if (!Files.isReadable(TCP)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new PeerOwners(
                    Accounts.own(), Accounts.overflow(), ProcessHandle.current().pid()));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** The account that the gateway runs as, as a person is told. */
    String ownAccount() {
        return ownAccount;
    }

    /** One look for all: of each who owns it, {@link PeerOwner.Held} where that is the gateway's own account. */
    Map<TcpEnds, PeerOwner> of(Collection<TcpEnds> connections) throws IOException {
        Map<TcpEnds, TcpTable.Row> rows = rows(connections);
        Set<Long> own = rows.values().stream()
                .filter(this::isOwn)
                .map(TcpTable.Row::inode)
                .collect(Collectors.toUnmodifiableSet());
        Map<Long, Set<Long>> holders = own.isEmpty() ? Map.of() : holders(own);
        Map<TcpEnds, PeerOwner> owners = new HashMap<>();
        for (TcpEnds one : connections) {
            owners.put(one, owner(Optional.ofNullable(rows.get(one)), holders));
        }
        return owners;
    }

    private PeerOwner owner(Optional<TcpTable.Row> row, Map<Long, Set<Long>> holders) {
        if (row.isEmpty() || !row.get().open()) {
            return new PeerOwner.Nobody();
        }
        if (!isOwn(row.get())) {
            return new PeerOwner.OtherAccount(Accounts.told(row.get().uid()));
        }
        Set<Long> pids = holders.getOrDefault(row.get().inode(), Set.of());
        return pids.isEmpty() ? new PeerOwner.Unseen() : new PeerOwner.Held(pids);
    }

    private boolean isOwn(TcpTable.Row row) {
        return row.open() && row.uid() == ownUid && row.uid() != overflowUid;
    }

    private static Map<TcpEnds, TcpTable.Row> rows(Collection<TcpEnds> connections) throws IOException {
        TcpTable table = new TcpTable(connections, ByteOrder.nativeOrder());
        for (int read = 0; read < READS && !table.isComplete(); read++) {
            for (Path file : new Path[] {TCP, TCP6}) {
                if (Files.isReadable(file)) {
                    try (Reader rows = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
                        table.read(rows);
                    }
                }
            }
        }
        return table.found();
    }

    /** Which processes of the gateway's own account hold these sockets; itself is asked last, having the most. */
    private Map<Long, Set<Long>> holders(Set<Long> inodes) throws IOException {
        Map<Long, Set<Long>> holders = new HashMap<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                long pid = Long.parseLong(process.getFileName().toString());
                if (pid != ownPid && isOwn(process)) {
                    addSockets(process, pid, inodes, holders);
                }
            }
        }
        if (!holders.keySet().containsAll(inodes)) {
            addSockets(PROC.resolve(Long.toString(ownPid)), ownPid, inodes, holders);
        }
        return holders;
    }

    private boolean isOwn(Path process) {
        try {
            return ((Number) Files.getAttribute(process, "unix:uid")).longValue() == ownUid;
        } catch (IOException e) {
            return false; // it has ended
        }
    }

    private static void addSockets(Path process, long pid, Set<Long> inodes, Map<Long, Set<Long>> holders) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                socket(descriptor).filter(inodes::contains).ifPresent(inode -> holders.computeIfAbsent(
                                inode, ignored -> new HashSet<>())
                        .add(pid));
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            // It has ended, or shows nobody what it holds: then it is not seen, and not trusted.
        }
    }

    private static Optional<Long> socket(Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith(SOCKET)
                    ? Optional.of(Long.valueOf(target.substring(SOCKET.length(), target.length() - 1)))
                    : Optional.empty();
        } catch (IOException | NumberFormatException e) {
            return Optional.empty(); // closed meanwhile
        }
    }
}
