package dev.fairlead.gateway.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.FrameCodec;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * How fast the gateway searches all logs, from the request to the last byte of the answer; {@code grep -c} on the same
 * files beside it, each on the same core.
 */
public final class SearchBenchmark implements AutoCloseable {
    private static final String TEXT = "gateway refused order";
    private static final int LOGS = 8;
    private static final int MEBIBYTE = 1 << 20;

    /** One line in so many has the text. */
    private static final int RARE = 5_000;

    private static final List<String> JVM = List.of("-Xms256m", "-Xmx256m");
    private static final List<String> SETTINGS = List.of(
            "http.port=0",
            "auth.admin_password=" + AgentFleet.PASSWORD,
            // Nothing of the logs is let go, and no bound ends the search.
            "logs.rotate_size=1GiB",
            "logs.search_bytes=64GiB",
            "logs.search_lines=1000000");

    private final TimeSource time;
    private final BenchFolder folder;
    private final ServerProcess gateway;
    private final List<Path> files = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();

    private SearchBenchmark(TimeSource time, BenchFolder folder, ServerProcess gateway) {
        this.time = time;
        this.folder = folder;
        this.gateway = gateway;
    }

    /**
     * Starts a gateway as a process of its own, with logs in a folder that goes with it.
     *
     * @param mebibytes of all logs together
     */
    public static SearchBenchmark start(TimeSource time, int mebibytes) throws IOException, InterruptedException {
        Cores.pinThisProcess();
        BenchFolder folder = BenchFolder.create();
        SearchBenchmark benchmark = new SearchBenchmark(
                time, folder, ServerProcess.start(ServerKind.GATEWAY, folder.path(), JVM, SETTINGS));
        try {
            for (int i = 0; i < LOGS; i++) {
                benchmark.log("bench-" + i, (long) mebibytes * MEBIBYTE / LOGS);
            }
            return benchmark;
        } catch (IOException | InterruptedException | RuntimeException e) {
            benchmark.close();
            throw e;
        }
    }

    /**
     * Searches by turns.
     *
     * @param cold whether the files are let go from memory before each search
     * @param caseSensitive whether upper and lower case differ
     */
    public SearchFigures measure(int rounds, boolean cold, boolean caseSensitive)
            throws IOException, InterruptedException {
        List<Double> ours = new ArrayList<>();
        List<Double> theirs = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        long lines = 0;
        for (int i = -1; i < rounds; i++) { // one that is not counted
            ready(cold);
            long began = time.nanos();
            long found = search(caseSensitive);
            double gatewaySeconds = (time.nanos() - began) / 1e9;
            ready(cold);
            began = time.nanos();
            lines = grep(caseSensitive);
            double grepSeconds = (time.nanos() - began) / 1e9;
            if (found != lines) {
                throw new IllegalStateException("The gateway found " + found + " lines, grep " + lines);
            }
            if (i >= 0) {
                ours.add(gatewaySeconds);
                theirs.add(grepSeconds);
                ratios.add(grepSeconds / gatewaySeconds);
            }
        }
        return new SearchFigures(
                cold ? "cold" : "warm",
                caseSensitive ? "sensitive" : "insensitive",
                bytes() / MEBIBYTE,
                lines,
                Comparison.median(ours),
                Comparison.median(theirs),
                Comparison.median(ratios));
    }

    @Override
    public void close() {
        gateway.close();
        folder.close();
    }

    /** Makes an instance that never ran, and its log. */
    private void log(String name, long bytes) throws IOException, InterruptedException {
        HttpResponse<String> made = http.send(
                request("/api/instances")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"" + name + "\",\"command\":[\"true\"]}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (made.statusCode() != 201) {
            throw new IOException("No instance to search the log of: " + made.body());
        }
        Path file = Files.createDirectories(folder.path().resolve("logs").resolve(name))
                .resolve("current.log");
        Random random = new Random(name.hashCode()); // the same each time
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.US_ASCII)) {
            for (long written = 0, line = 0; written < bytes; line++) {
                String text = line(random, line);
                out.write(text);
                written += text.length();
            }
        }
        files.add(file);
    }

    private static String line(Random random, long line) {
        String head =
                "2026-01-01T%02d:%02d:%02d.%03dZ ".formatted(line / 3600 % 24, line / 60 % 60, line % 60, line % 1000);
        return random.nextInt(RARE) == 0
                ? head + "ERROR [worker-" + random.nextInt(16) + "] payment " + TEXT + " " + random.nextLong() + "\n"
                : head + "INFO  [worker-" + random.nextInt(16) + "] GET /api/orders/" + random.nextLong() + " 200 in "
                        + random.nextInt(400) + " ms, user=" + random.nextInt(100_000) + " gateway=eu-"
                        + random.nextInt(4) + "\n";
    }

    private long search(boolean caseSensitive) throws IOException, InterruptedException {
        HttpResponse<InputStream> answer = http.send(
                request("/api/logs/search?q=" + TEXT.replace(" ", "%20") + (caseSensitive ? "&case=sensitive" : ""))
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            long found = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode told = line.isEmpty() ? FrameCodec.object() : FrameCodec.tree(line);
                if (told.has("done")) {
                    if (told.path("truncated").asBoolean()
                            || told.path("scanned_bytes").asLong() < bytes()) {
                        throw new IllegalStateException("The search was not through: " + line);
                    }
                    return found;
                }
                found += told.has("line") ? 1 : 0;
            }
            throw new IOException("The search broke off: " + answer.statusCode());
        }
    }

    private long grep(boolean caseSensitive) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(Cores.serverPrefix());
        command.addAll(List.of("grep", caseSensitive ? "-cF" : "-ciF", TEXT));
        files.forEach(file -> command.add(file.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("LC_ALL", "C"); // its fastest
        Process grep = builder.start();
        long lines = grep.inputReader()
                .lines()
                .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(':') + 1)))
                .sum();
        grep.waitFor();
        return lines;
    }

    /** All in memory, or nothing of it. */
    private void ready(boolean cold) throws IOException, InterruptedException {
        for (Path file : files) {
            List<String> command = cold
                    ? List.of("dd", "of=" + file, "oflag=nocache", "conv=notrunc,fdatasync", "count=0", "status=none")
                    : List.of("dd", "if=" + file, "of=/dev/null", "bs=1M", "status=none");
            if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
                throw new IOException("'dd' of GNU coreutils is needed");
            }
        }
    }

    private long bytes() throws IOException {
        long bytes = 0;
        for (Path file : files) {
            bytes += Files.size(file);
        }
        return bytes;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                .header("Authorization", "Bearer " + AgentFleet.PASSWORD);
    }
}
