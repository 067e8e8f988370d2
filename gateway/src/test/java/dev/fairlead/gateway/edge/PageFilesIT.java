package dev.fairlead.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.testing.RawHttp;
import dev.fairlead.gateway.testing.RunningGateway;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page and its files, as a browser gets them. */
class PageFilesIT {
    private static final int SCRIPT_BUDGET_BYTES = 75 * 1024;

    @TempDir
    static Path folder;

    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start(folder.resolve("data"));
        Assumptions.assumeTrue(get("/").statusCode() == 200, "This build has no dashboard");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void nothing_of_the_page_is_inline_and_nothing_foreign_may_run() {
        HttpResponse<byte[]> page = get("/");

        String policy = header(page, "Content-Security-Policy");
        assertThat(policy)
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'")
                .doesNotContain("unsafe-inline")
                .doesNotContain("unsafe-eval");
        assertThat(header(page, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(header(page, "Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(text(page))
                .doesNotContain("<style")
                .doesNotContainPattern("<script(?![^>]*src=)")
                .doesNotContainPattern("\\son\\w+=")
                .doesNotContainPattern("https?://");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/fleet", "/instances/agent-1", "/messages?correlation_id=x", "/events/audit"})
    void a_deep_link_gives_the_page(String path) {
        HttpResponse<byte[]> page = get(path, "Accept", "text/html,application/xhtml+xml");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).isEqualTo(get("/").body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/nothing", "/assets/nothing.js", "/metrics/x", "/api"})
    void what_is_no_page_is_not_found_even_for_a_browser(String path) {
        assertThat(get(path, "Accept", "text/html").statusCode()).isEqualTo(404);
    }

    @Test
    void a_program_that_lost_its_way_gets_an_error_and_no_page() {
        assertThat(get("/fleet", "Accept", "application/json").statusCode()).isEqualTo(404);
    }

    @Test
    void assets_may_be_kept_for_ever_and_the_page_is_asked_for_again() {
        assertThat(header(get("/"), "Cache-Control")).isEqualTo("no-cache");
        assertThat(assets()).isNotEmpty().allSatisfy(asset -> assertThat(header(get(asset), "Cache-Control"))
                .contains("immutable"));
    }

    @Test
    void a_page_that_did_not_change_is_not_sent_again() {
        String tag = header(get("/"), "ETag");

        HttpResponse<byte[]> again = get("/", "If-None-Match", tag);

        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
    }

    @Test
    void gzip_is_the_same_in_less() throws IOException {
        for (String asset : assets()) {
            HttpResponse<byte[]> zipped = get(asset, "Accept-Encoding", "br, gzip;q=0.8");

            assertThat(header(zipped, "Content-Encoding")).isEqualTo("gzip");
            assertThat(new GZIPInputStream(new ByteArrayInputStream(zipped.body())).readAllBytes())
                    .isEqualTo(get(asset).body());
            assertThat(get(asset, "Accept-Encoding", "gzip;q=0").headers().firstValue("Content-Encoding"))
                    .isEmpty();
        }
    }

    @Test
    void the_script_stays_within_its_budget() {
        int bytes = assets().stream()
                .filter(asset -> asset.endsWith(".js"))
                .mapToInt(asset -> get(asset, "Accept-Encoding", "gzip").body().length)
                .sum();

        assertThat(bytes).isPositive().isLessThanOrEqualTo(SCRIPT_BUDGET_BYTES);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../webui/index.html",
                "/assets/../../api/openapi.yaml",
                "/assets/%2e%2e/%2e%2e/fairlead-version.properties",
                "/..%2f..%2fetc/passwd",
                "/assets/..\\..\\x",
                "//etc/passwd",
                "/files.txt",
                "/index.html.gz",
                "/assets/",
                "/webui/index.html",
                "/dev/fairlead/gateway/Fairlead.class"
            })
    void nothing_but_the_listed_files_is_served(String path) throws IOException {
        try (RawHttp raw = new RawHttp(gateway.port())) {
            raw.request("GET " + path + " HTTP/1.1", "Host: localhost:" + gateway.port());

            assertThat(raw.status()).isIn(400, 404);
        }
    }

    @Test
    void a_head_request_gets_the_head_alone() {
        HttpResponse<byte[]> head = send("HEAD", "/");

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
    }

    private static List<String> assets() {
        return Pattern.compile("(?:src|href)=\"(/assets/[^\"]+)\"")
                .matcher(text(get("/")))
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static String header(HttpResponse<byte[]> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private static HttpResponse<byte[]> get(String path, String... headers) {
        return send("GET", path, headers);
    }

    private static HttpResponse<byte[]> send(String method, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
