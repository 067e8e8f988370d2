package dev.fairlead.gateway.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ScreenshotAnimations;
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

    /** What is said of the link between page and gateway. */
    static Locator link(Page page) {
        return page.locator(".link .word");
    }

    /** The line of the fleet's table that is about {@code name}. */
    static Locator row(Page page, String name) {
        return page.getByRole(AriaRole.ROW)
                .filter(new Locator.FilterOptions()
                        .setHas(page.getByRole(
                                AriaRole.LINK,
                                new Page.GetByRoleOptions().setName(name).setExact(true))));
    }

    /** The button of that name, which may be an icon alone. */
    static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    static Locator button(Locator within, String name) {
        return within.getByRole(
                AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(name).setExact(true));
    }

    BrowserContext context() {
        return context;
    }

    /** Complaints that belong to the test, such as a connection that it cuts. */
    Visitor expecting(Predicate<String> complaint) {
        expected = expected.or(complaint);
        return this;
    }

    /**
     * Everything axe finds, one line each. It is asked in the page itself, which has no frames, and tells what is wrong
     * alone: its driver would open a window more each time, and bring along all that is right.
     */
    static List<String> barriers(Page page) {
        if (!(Boolean) page.evaluate("'axe' in window")) {
            page.evaluate("() => {" + AxeBuilder.getAxeScript() + "}");
        }
        Object found = page.evaluate("""
                async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.map(rule =>
                  `${rule.id} (${rule.impact}): ${rule.help} at `
                    + rule.nodes.map(node => `${node.html}: ${node.failureSummary}`).join(', '))""");
        return ((List<?>) found).stream().map(String.class::cast).toList();
    }

    /** Keeps a picture of the page for people to look at, with whatever moves at its end; tells where. */
    static Path picture(Page page, String name) {
        Path kept = SCREENSHOTS.resolve(name + ".png");
        page.screenshot(new Page.ScreenshotOptions().setPath(kept).setAnimations(ScreenshotAnimations.DISABLED));
        return kept;
    }

    /** For what the programs of a demo take their time to bring about. */
    static LocatorAssertions.ContainsTextOptions patiently() {
        return new LocatorAssertions.ContainsTextOptions().setTimeout(120_000);
    }

    @Override
    public void close() {
        context.close();
        assertThat(complaints).filteredOn(expected.negate()).isEmpty();
    }
}
