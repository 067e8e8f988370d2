package dev.fairlead.gateway.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.fairlead.gateway.dashboard.Visitor.button;
import static dev.fairlead.gateway.dashboard.Visitor.link;
import static dev.fairlead.gateway.dashboard.Visitor.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import dev.fairlead.gateway.testing.ServedGateway;
import dev.fairlead.gateway.upstream.simulator.RunningSimulator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is shown can be trusted: the page always says whether it is live, and how old it is. */
class LinkIT {
    private static final String POLLING = "Live updates unavailable -- polling";
    private static final Pattern STALE = Pattern.compile("\\bstale\\b");

    /** As behind a proxy that lets no WebSocket through. */
    private static final String NO_WEBSOCKETS = """
            const Real = window.WebSocket;
            window.WebSocket = class {
                constructor() {
                    setTimeout(() => this.onclose?.({ code: 1006, reason: "" }));
                }
                close() {}
            };
            window.unblock = () => {
                window.WebSocket = Real;
            };
            """;

    @TempDir
    Path folder;

    @Test
    void a_killed_gateway_leads_to_polling_and_the_next_one_back_to_live() throws IOException {
        try (Chromium chromium = Chromium.launch();
                ServedGateway gateway = ServedGateway.start(folder.resolve("data"));
                Visitor visitor = chromium.visitor().expecting(LinkIT::isAboutTheLink)) {
            gateway.post("/api/instances", "{\"name\":\"kept\",\"command\":[\"sleep\",\"1000\"]}");
            Page page = visitor.open(gateway.http("/").toString());
            assertThat(link(page)).hasText("Live");
            assertThat(page.locator(".link .age").first()).hasText(Pattern.compile("updated \\d+ s ago"));
            assertThat(row(page, "kept")).isVisible();
            assertThat(page.locator(".table")).not().hasClass(STALE);

            gateway.kill();

            assertThat(link(page)).hasText("Reconnecting");
            assertThat(page.locator(".table")).hasClass(STALE);
            assertThat(row(page, "kept")).isVisible();
            for (int tries = 0; tries < 20 && !link(page).textContent().equals(POLLING); tries++) {
                button(page, "Retry now").click();
            }
            assertThat(link(page)).hasText(POLLING);
            assertThat(page.locator(".table")).hasClass(STALE);
            assertThat(page.locator(".link")).containsText("updated ");
            assertThat(page.locator(".health")).hasText("Gateway out of reach");
            Visitor.picture(page, "gateway-gone");
            assertThat(Visitor.barriers(page)).isEmpty();

            gateway.start();
            gateway.post("/api/instances", "{\"name\":\"new\",\"command\":[\"sleep\",\"1000\"]}");

            assertThat(link(page)).hasText("Live", new LocatorAssertions.HasTextOptions().setTimeout(60_000));
            assertThat(page.locator(".table")).not().hasClass(STALE);
            assertThat(row(page, "kept")).isVisible();
            assertThat(row(page, "new")).isVisible();
            assertThat(button(page, "Retry now")).isHidden();
        }
    }

    @Test
    void nothing_is_claimed_that_a_gateway_out_of_reach_may_know_better() throws IOException {
        try (RunningSimulator upstream = RunningSimulator.start();
                Chromium chromium = Chromium.launch();
                ServedGateway gateway = ServedGateway.start(
                        folder.resolve("data"), "upstream.kind=simulator", "upstream.base_url=" + upstream.baseUrl());
                Visitor visitor = chromium.visitor().expecting(LinkIT::isAboutTheLink)) {
            Page page = visitor.open(gateway.http("/market").toString());
            assertThat(page.locator("main")).containsText("No symbol is followed yet");
            assertThat(page.locator("main")).containsText("Orders are switched off");
            assertThat(page.locator(".top .token")).hasText(Pattern.compile("^Token (?!not known)"));
            page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Events"))
                    .click();
            assertThat(page.locator(".table")).isVisible();

            gateway.kill();

            assertThat(link(page)).hasText("Reconnecting");
            assertThat(page.locator(".top .token")).hasText("Token not known");
            for (String name : new String[] {"Market", "Messages", "Fleet"}) {
                page.getByRole(AriaRole.NAVIGATION)
                        .first()
                        .getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName(name))
                        .click();
                assertThat(page.locator("main .nothing").first()).isVisible();
                assertThat(page.locator("main"))
                        .not()
                        .containsText(Pattern.compile(
                                "No symbol|No orders|switched off|No messages|fleet is empty|Nothing has"));
                Visitor.picture(page, "away-" + name);
            }
            page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Market"))
                    .first()
                    .click();
            assertThat(page.locator(".token-board")).containsText("Not known while the gateway is out of reach");
            assertThat(Visitor.barriers(page)).isEmpty();
        }
    }

    @Test
    void where_streams_are_in_the_way_rest_is_polled_and_rows_stay_good() {
        try (Dashboard dashboard = Dashboard.start(folder);
                Visitor visitor = dashboard.visitor()) {
            visitor.context().addInitScript(NO_WEBSOCKETS);
            Page page = visitor.open(dashboard.url("/"));
            for (int tries = 0; tries < 20 && !link(page).textContent().equals(POLLING); tries++) {
                button(page, "Retry now").click();
            }
            assertThat(link(page)).hasText(POLLING);

            dashboard.create("polled", "sleep", "1000");

            assertThat(row(page, "polled")).isVisible();
            assertThat(page.locator(".table")).not().hasClass(STALE);
            assertThat(link(page)).hasText(POLLING);
            Visitor.picture(page, "polling");

            page.evaluate("window.unblock()");
            button(page, "Retry now").click();

            assertThat(link(page)).hasText("Live");
            dashboard.create("streamed", "sleep", "1000");
            assertThat(row(page, "streamed")).isVisible();
        }
    }

    /** Chromium itself writes to the console of a connection that cannot be made. */
    private static boolean isAboutTheLink(String complaint) {
        return complaint.contains("ERR_CONNECTION")
                || complaint.contains("ERR_EMPTY_RESPONSE")
                || complaint.contains("WebSocket connection to");
    }
}
