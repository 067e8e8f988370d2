package dev.fairlead.gateway.dashboard;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import dev.fairlead.gateway.testing.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A real Chromium: the machine's own, else the one Playwright has installed. Where there is none the test is skipped
 * and says what to install. To be used from the thread that opened it.
 */
final class Chromium implements AutoCloseable {
    private static final List<String> FLAGS = List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    /** A machine that is busy elsewhere is no defect of the page. */
    private static final double PATIENCE_MILLIS = 30_000;

    /**
     * One for all tests of a thread: they share no cookies and no storage, and its start takes longer than many of
     * them.
     */
    private static final ThreadLocal<Chromium> SHARED = new ThreadLocal<>();

    private final Playwright playwright;
    private final Browser browser;
    private final boolean shared;

    private Chromium(Playwright playwright, Browser browser, boolean shared) {
        this.playwright = playwright;
        this.browser = browser;
        this.shared = shared;
    }

    /** The one that this thread's tests share; it ends with this JVM. */
    static Chromium launch() {
        Chromium running = SHARED.get();
        if (running == null || !running.browser.isConnected()) {
            running = start(true);
            SHARED.set(running);
        }
        return running;
    }

    /** One of its own, with flags on top of the usual ones. */
    static Chromium launch(String... flags) {
        return start(false, flags);
    }

    private static Chromium start(boolean shared, String... flags) {
        Optional<Path> installed = Stream.of("chromium", "chromium-browser", "google-chrome")
                .flatMap(name -> Tools.find(name).stream())
                .findFirst();
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        if (installed.isEmpty()
                && !Files.isExecutable(Path.of(playwright.chromium().executablePath()))) {
            playwright.close();
            Tools.missing("This test needs Chromium; install it with: apt-get install chromium");
        }
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
        BrowserType.LaunchOptions options = new BrowserType.LaunchOptions()
                .setArgs(Stream.concat(FLAGS.stream(), Stream.of(flags)).toList());
        installed.ifPresent(options::setExecutablePath);
        return new Chromium(playwright, playwright.chromium().launch(options), shared);
    }

    /** A visitor with cookies and storage of its own. */
    Visitor visitor(Browser.NewContextOptions options) {
        return new Visitor(browser.newContext(options));
    }

    Visitor visitor() {
        return visitor(new Browser.NewContextOptions().setViewportSize(1440, 900));
    }

    @Override
    public void close() {
        if (!shared) {
            browser.close();
            playwright.close();
        }
    }
}
