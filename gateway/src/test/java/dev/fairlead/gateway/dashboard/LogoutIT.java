package dev.fairlead.gateway.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.fairlead.gateway.dashboard.Visitor.button;
import static dev.fairlead.gateway.dashboard.Visitor.link;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.fairlead.gateway.testing.RunningGateway;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The end of a session leaves nothing on any page of it. */
@Tag("attack")
class LogoutIT {
    private static final String COMMAND = "{\"name\":\"seen-by-the-operator\",\"command\":[\"sleep\",\"1\"]}";

    @TempDir
    Path folder;

    private Chromium chromium;
    private RunningGateway gateway;

    @BeforeEach
    void start() {
        chromium = Chromium.launch();
        gateway = RunningGateway.start(folder, "auth.mode=required");
        assertThat(gateway.post("/api/instances", COMMAND, "Authorization", "Bearer " + RunningGateway.PASSWORD)
                        .status())
                .isEqualTo(201);
    }

    @AfterEach
    void stop() {
        try {
            chromium.close();
        } finally {
            gateway.close();
        }
    }

    @Test
    void logging_out_empties_every_tab_and_forgets_what_was_typed() {
        try (Visitor visitor = chromium.visitor().expecting(LogoutIT::isARefusal)) {
            Page page = visitor.open(gateway.http("/fleet").toString());
            logIn(page);
            Page other = visitor.open(gateway.http("/chat").toString());
            assertThat(link(other)).hasText("Live");
            other.getByRole(AriaRole.TEXTBOX).last().fill("a draft for nobody else");
            await().until(() -> kept(other).contains("a draft for nobody else"));
            other.navigate(gateway.http("/fleet").toString());
            assertThat(Visitor.row(other, "seen-by-the-operator")).isVisible();

            button(page, "Log out").click();

            assertThat(dialog(page)).containsText("Log in to Fairlead");
            assertThat(dialog(other)).containsText("Log in");
            assertThat(page.content()).doesNotContain("seen-by-the-operator");
            assertThat(other.content()).doesNotContain("seen-by-the-operator");
            assertThat(kept(page)).doesNotContain("draft");
            other.goBack();
            assertThat(dialog(other)).containsText("Log in");
            page.goBack();
            assertThat(other.content()).doesNotContain("seen-by-the-operator");
            assertThat(page.content()).doesNotContain("seen-by-the-operator");
        }
    }

    @Test
    void another_browsers_session_is_seen_and_ended_and_its_page_emptied() {
        try (Visitor mine = chromium.visitor().expecting(LogoutIT::isARefusal);
                Visitor theirs = chromium.visitor().expecting(LogoutIT::isARefusal)) {
            Page there = theirs.open(gateway.http("/fleet").toString());
            logIn(there);
            assertThat(Visitor.row(there, "seen-by-the-operator")).isVisible();
            Page here = mine.open(gateway.http("/events/logins").toString());
            logIn(here);

            assertThat(here.getByText("This browser")).isVisible();
            assertThat(Visitor.barriers(here)).isEmpty();
            Visitor.picture(here, "logins");
            button(here, "End all others").click();
            button(dialog(here), "End them").click();

            assertThat(dialog(there)).containsText("Your session has ended");
            assertThat(there.content()).doesNotContain("seen-by-the-operator");
            assertThat(here.getByText("1 session")).isVisible();
        }
    }

    private static void logIn(Page page) {
        dialog(page).locator("[name=password]").fill(RunningGateway.PASSWORD);
        button(dialog(page), "Log in").click();
        assertThat(dialog(page)).isHidden();
        assertThat(link(page)).hasText("Live");
    }

    private static Locator dialog(Page page) {
        return page.getByRole(AriaRole.DIALOG);
    }

    private static String kept(Page page) {
        return String.valueOf(page.evaluate("JSON.stringify(localStorage)"));
    }

    /** Chromium itself writes to the console of every answer that is a refusal. */
    private static boolean isARefusal(String complaint) {
        return complaint.contains("401") || complaint.contains("WebSocket connection to");
    }
}
