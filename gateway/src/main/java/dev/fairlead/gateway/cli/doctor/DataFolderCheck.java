package dev.fairlead.gateway.cli.doctor;

import dev.fairlead.gateway.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether the data folder is there, ours alone, writable and roomy enough. */
final class DataFolderCheck {

    private static final String SUBJECT = "data folder";
    private static final long MIB = 1 << 20;
    private static final long LEAST_FREE = 64 * MIB;
    private static final long COMFORTABLE_FREE = 1024 * MIB;
    /** How far ahead of the clock a file may be written: clocks are corrected by less. */
    private static final Duration SLACK = Duration.ofMinutes(5);

    private DataFolderCheck() {}

    static List<Finding> run(Path folder, TimeSource time) {
        try {
            if (Files.isSymbolicLink(folder)) {
                return List.of(Finding.fault(
                        SUBJECT, folder + " is a symbolic link", "set data_dir to " + folder.toRealPath()));
            }
            if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
                return List.of(missing(folder));
            }
            List<Finding> findings = new ArrayList<>();
            findings.add(mode(folder));
            findings.add(space(folder));
            writtenInTheFuture(folder, time).ifPresent(findings::add);
            return findings;
        } catch (IOException e) {
            return List.of(Finding.fault(
                    SUBJECT, folder + " cannot be examined: " + e.getMessage(), "check the path and who owns it"));
        }
    }

    private static Finding missing(Path folder) {
        Path parent = folder;
        while (parent.getParent() != null && !Files.exists(parent)) {
            parent = parent.getParent();
        }
        return Files.isDirectory(parent) && Files.isWritable(parent)
                ? Finding.good(SUBJECT, folder + " does not exist yet and will be made")
                : Finding.fault(
                        SUBJECT,
                        folder + " does not exist and cannot be made in " + parent,
                        "make it, or choose another with --data-dir");
    }

    private static Finding mode(Path folder) throws IOException {
        PosixFileAttributes attributes =
                Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        Set<PosixFilePermission> permissions = attributes.permissions();
        String shown = folder + " (" + PosixFilePermissions.toString(permissions) + ", "
                + attributes.owner().getName() + ")";
        if (!attributes.isDirectory()) {
            return Finding.fault(SUBJECT, folder + " is not a folder", "choose another with --data-dir");
        }
        if (permissions.contains(PosixFilePermission.GROUP_WRITE)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
            return Finding.fault(
                    SUBJECT,
                    shown + " can be written by others, so its content cannot be trusted",
                    "check what lies in it, then: chmod 700 " + folder);
        }
        if (!Files.isWritable(folder) || !Files.isExecutable(folder)) {
            return Finding.fault(
                    SUBJECT,
                    shown + " cannot be written",
                    "run the gateway as its owner, or choose another with --data-dir");
        }
        return Finding.good(SUBJECT, shown);
    }

    private static Finding space(Path folder) throws IOException {
        long free = Files.getFileStore(folder).getUsableSpace();
        String detail = free / MIB + " MiB free";
        if (free < LEAST_FREE) {
            return Finding.fault("disk", detail, "make room: nothing can be accepted on a full disk");
        }
        return free < COMFORTABLE_FREE
                ? Finding.warning("disk", detail, "make room before it runs out")
                : Finding.good("disk", detail);
    }

    /** A clock that went back makes tokens look as if they were issued in the future. */
    private static Optional<Finding> writtenInTheFuture(Path folder, TimeSource time) throws IOException {
        Instant latest = Instant.MIN;
        try (var files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Instant written = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                        .toInstant();
                latest = written.isAfter(latest) ? written : latest;
            }
        }
        return latest.isAfter(time.instant().plus(SLACK))
                ? Optional.of(Finding.warning(
                        "clock",
                        "the data folder was written at " + latest + ", which is in the future",
                        "check the clock and its time zone"))
                : Optional.empty();
    }
}
