package dev.fairlead.gateway.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** The migrations packaged with this gateway, and their checksums as Flyway reckons them. */
final class Migrations {
    static final String FOLDER = "db/migration";

    /** Always there; tells where the others are. */
    private static final String FIRST = "/" + FOLDER + "/V1__audit.sql";

    private static final Pattern NAME = Pattern.compile("V(\\d+)__\\w+\\.sql");

    private Migrations() {}

    /**
     * Checksums by version.
     *
     * @throws IOException if a file is not named as all are, or cannot be read
     */
    static Map<String, Integer> checksums() throws IOException {
        Map<String, Integer> checksums = new HashMap<>();
        for (String name : names()) {
            Matcher parts = NAME.matcher(name);
            if (!parts.matches()) {
                throw new IOException(name + " is not named as a versioned migration");
            }
            checksums.put(parts.group(1), checksum("/" + FOLDER + "/" + name));
        }
        return checksums;
    }

    private static List<String> names() throws IOException {
        URL first = Migrations.class.getResource(FIRST);
        if (first == null) {
            return List.of();
        }
        if (first.openConnection() instanceof JarURLConnection jar) {
            // The class loader's own open file; not ours to close.
            try (Stream<JarEntry> entries = jar.getJarFile().stream()) {
                return entries.map(JarEntry::getName)
                        .filter(name -> name.startsWith(FOLDER + "/") && !name.endsWith("/"))
                        .map(name -> name.substring(FOLDER.length() + 1))
                        .toList();
            }
        }
        try (Stream<Path> files = Files.list(Path.of(first.toURI()).getParent())) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    /** CRC-32 of the lines without their ends, so that a checkout with other line ends is the same migration. */
    private static int checksum(String resource) throws IOException {
        CRC32 crc = new CRC32();
        try (InputStream bytes = Migrations.class.getResourceAsStream(resource)) {
            if (bytes == null) {
                throw new IOException(resource + " is missing");
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                crc.update(line.getBytes(StandardCharsets.UTF_8));
            }
        }
        return (int) crc.getValue();
    }
}
