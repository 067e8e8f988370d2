package dev.fairlead.gateway.edge.page;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/**
 * The dashboard's files by their path below the root, all in memory. The build lists them; what is not on its list does
 * not exist, whatever a path may look like. May be used from any thread.
 */
public final class PageFiles {
    private static final String FOLDER = "/webui/";
    private static final String PAGE = "index.html";
    private static final String LIST = "files.txt";
    private static final String HASHED = "assets/";
    private static final int TAG_CHARS = 16;

    private final Map<String, PageFile> files;

    private PageFiles(Map<String, PageFile> files) {
        this.files = Map.copyOf(files);
    }

    /**
     * Those of this build; none at all, where it was made without the dashboard.
     *
     * @param basePath below which browsers have it, {@code /} for none
     */
    public static PageFiles load(String basePath) {
        Map<String, PageFile> files = new HashMap<>();
        read(LIST)
                .ifPresent(
                        list -> new String(list, StandardCharsets.UTF_8).lines().forEach(path -> {
                            boolean moved = path.equals(PAGE) && !basePath.equals("/");
                            byte[] bytes = moved ? below(basePath, required(path)) : required(path);
                            files.put(
                                    path,
                                    new PageFile(
                                            Buffer.buffer(bytes),
                                            Buffer.buffer(moved ? zipped(bytes) : required(path + ".gz")),
                                            contentType(path),
                                            tag(bytes),
                                            path.startsWith(HASHED)));
                        }));
        return new PageFiles(files);
    }

    /** The file at {@code path}, which has no slash at its beginning. */
    Optional<PageFile> file(String path) {
        return Optional.ofNullable(files.get(path));
    }

    /** The page itself. */
    Optional<PageFile> page() {
        return file(PAGE);
    }

    /** The page names its files from the root; its deep links keep it from naming them from where it is. */
    private static byte[] below(String basePath, byte[] page) {
        return new String(page, StandardCharsets.UTF_8)
                .replace("href=\"/", "href=\"" + basePath + "/")
                .replace("src=\"/", "src=\"" + basePath + "/")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] zipped(byte[] bytes) {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return zipped.toByteArray();
    }

    private static String contentType(String path) {
        return switch (path.substring(path.lastIndexOf('.') + 1)) {
            case "html" -> "text/html; charset=utf-8";
            case "js" -> "text/javascript; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "svg" -> "image/svg+xml";
            default -> "application/octet-stream";
        };
    }

    private static String tag(byte[] bytes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(hash).substring(0, TAG_CHARS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] required(String path) {
        return read(path).orElseThrow(() -> new IllegalStateException("The build lacks " + FOLDER + path));
    }

    private static Optional<byte[]> read(String path) {
        try (InputStream in = PageFiles.class.getResourceAsStream(FOLDER + path)) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
