package dev.fairlead.gateway.auth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/**
 * Keys that log a browser in once, instead of the password: 256 random bits in a link. Kept as files without content,
 * named by the key's SHA-256 and its end, so that who may write to the data folder can make one, a running gateway
 * finds it, and the one who takes the file away is the one who used the key. Blocks on the disk; safe for use by
 * several threads and processes.
 */
public final class LoginKeys {
    /** In the data folder. */
    public static final String FOLDER = "login-keys";

    /** How long a key is good that was asked for. */
    public static final Duration LIFE = Duration.ofMinutes(10);

    /** How long the one is good that is printed at the start. */
    public static final Duration FIRST_LIFE = Duration.ofHours(1);

    /** Most keys at a time; one more ends the one that would have ended first. */
    static final int MOST = 64;

    private static final int KEY_BYTES = 32;
    private static final int MOST_TEXT = 128;

    private final Path folder;

    /** Those of a folder that is there and for its owner alone. */
    public LoginKeys(Path folder) {
        this.folder = folder;
    }

    /** A key and its end; the key does not show. */
    public record Key(String text, Instant expiresAt) {
        @Override
        public String toString() {
            return "Key[" + expiresAt + "]";
        }
    }

    /** Makes a key. */
    public Key make(Instant now, Duration life) throws IOException {
        tidy(now);
        String text = RandomBytes.text(KEY_BYTES);
        Instant end = now.plus(life).truncatedTo(ChronoUnit.MILLIS);
        Files.createFile(
                folder.resolve(sha256(text) + "." + end.toEpochMilli()),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return new Key(text, end);
    }

    /** Uses a key up; false where there is none like it, or none any more. */
    public boolean use(String text, Instant now) throws IOException {
        if (text.isEmpty() || text.length() > MOST_TEXT) {
            return false;
        }
        String hash = sha256(text);
        for (Path kept : kept()) {
            if (MessageDigest.isEqual(ascii(hashOf(kept)), ascii(hash))) {
                try {
                    Files.delete(kept);
                } catch (NoSuchFileException somebodyWasFirst) {
                    return false;
                }
                return now.toEpochMilli() < endOf(kept);
            }
        }
        return false;
    }

    private void tidy(Instant now) throws IOException {
        List<Path> kept = kept();
        kept.sort(Comparator.comparingLong(LoginKeys::endOf));
        for (int i = 0; i < kept.size(); i++) {
            if (endOf(kept.get(i)) <= now.toEpochMilli() || i <= kept.size() - MOST) {
                Files.deleteIfExists(kept.get(i));
            }
        }
    }

    private List<Path> kept() throws IOException {
        List<Path> all = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (file.getFileName().toString().matches("[0-9a-f]{64}\\.[0-9]{1,18}")) {
                    all.add(file);
                }
            }
        }
        return all;
    }

    private static String hashOf(Path kept) {
        return kept.getFileName().toString().substring(0, 64);
    }

    private static long endOf(Path kept) {
        return Long.parseLong(kept.getFileName().toString().substring(65));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
