package dev.fairlead.gateway.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Somebody at the dashboard. Whatever a page complains of on its console fails the test when the visit ends. */
final class Visitor implements AutoCloseable {
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    private final BrowserContext context;
    private final List<String> complaints = new ArrayList<>();
    private Predicate<String> expected = complaint -> false;

    Visitor(BrowserContext context) {
        this.context = context;
    }

    /** A new tab at {@code address}. */
    Page open(String address) {
        Page page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                complaints.add(message.type() + ": " + message.text() + " (" + message.location() + ")");
            }
        });
        page.onPageError(error -> complaints.add("uncaught: " + error));
        page.navigate(address);
        return page;
    }

    BrowserContext context() {
        return context;
    }

    /** Complaints that belong to the test, such as a connection that it cuts. */
    Visitor expecting(Predicate<String> complaint) {
        expected = expected.or(complaint);
        return this;
    }

    /** Everything axe finds, one line each. */
    static List<String> barriers(Page page) {
        return new AxeBuilder(page)
                .analyze().getViolations().stream()
                        .map(rule -> rule.getId() + " (" + rule.getImpact() + "): " + rule.getHelp() + " at "
                                + rule.getNodes().stream()
                                        .map(node -> String.valueOf(node.getHtml()))
                                        .toList())
                        .toList();
    }

    /** Keeps a picture of the page for people to look at. */
    static void picture(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name + ".png")));
    }

    @Override
    public void close() {
        context.close();
        assertThat(complaints).filteredOn(expected.negate()).isEmpty();
    }
}
