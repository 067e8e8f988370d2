package dev.fairlead.gateway.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsIT {
    private static final Pattern ROW = Pattern.compile("\\| `(fairlead_\\w+)` \\| (\\w+) \\|.*");

    private static final Pattern NAME = Pattern.compile("\\b(?:fairlead|process|system|jvm)_\\w+");

    @TempDir
    Path temp;

    @Test
    void no_gauge_loses_what_it_measures_to_the_garbage_collector() {
        try (RunningGateway gateway = RunningGateway.start(temp.resolve("data"))) {
            WeakReference<Object> unheld = new WeakReference<>(new Object());
            Awaitility.await("a collection").until(() -> {
                System.gc();
                return unheld.get() == null;
            });
            assertThat(gateway.get("/metrics").raw().body().lines().filter(line -> line.endsWith(" NaN")))
                    .isEmpty();
        }
    }

    /** With a language model, so that its metrics are there too. */
    @Test
    void every_metric_has_help_and_stands_on_the_page_about_them() throws IOException {
        try (RunningGateway gateway = RunningGateway.start(
                temp.resolve("data"), "llm.base_url=http://127.0.0.1:9/v1", "llm.model=any", "chat.agent=llm")) {
            List<String> scraped = gateway.get("/metrics").raw().body().lines().toList();
            Map<String, String> page = Files.readAllLines(Path.of("docs", "metrics.md")).stream()
                    .map(ROW::matcher)
                    .filter(Matcher::matches)
                    .collect(Collectors.toMap(row -> row.group(1), row -> row.group(2)));
            Map<String, String> types = scraped.stream()
                    .filter(line -> line.startsWith("# TYPE fairlead_"))
                    .map(line -> line.split(" "))
                    .collect(Collectors.toMap(words -> words[2], words -> words[3]));

            assertThat(types).isNotEmpty();
            assertThat(page).containsAllEntriesOf(types);
            assertThat(types.keySet())
                    .allMatch(name -> scraped.stream().anyMatch(line -> line.matches("# HELP " + name + " \\S.*")));
        }
    }

    @Test
    void what_the_dashboard_and_the_alerts_ask_for_is_there() throws IOException {
        Path dist = Path.of("dist");
        Set<String> asked = new TreeSet<>();
        for (Path file : List.of(dist.resolve("grafana/fairlead.json"), dist.resolve("prometheus/alerts.yaml"))) {
            NAME.matcher(Files.readString(file))
                    .results()
                    .map(MatchResult::group)
                    .forEach(asked::add);
        }
        assertThat(asked).hasSizeGreaterThan(30);
        try (RunningGateway gateway = RunningGateway.start(
                temp.resolve("data"), "llm.base_url=http://127.0.0.1:9/v1", "llm.model=any", "chat.agent=llm")) {
            gateway.post("/api/instances", "{\"name\":\"one\",\"command\":[\"sleep\",\"600\"]}");
            gateway.post("/api/instances/one/start", "");
            // Nobody answers for the model, so that it is asked again.
            WsClient.connect(gateway.ws("/ws/chat")).send("{\"type\":\"message\",\"content\":\"Hello\"}");

            Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(samples(gateway))
                    .containsAll(asked));
        }
    }

    private static Set<String> samples(RunningGateway gateway) {
        return gateway.get("/metrics")
                .raw()
                .body()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("[{ ]", 2)[0])
                .collect(Collectors.toSet());
    }
}
