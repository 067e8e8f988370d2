package dev.fairlead.gateway.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.fairlead.gateway.testing.RunningGateway;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A page under a name that the gateway does not answer to, or below a path, is never blank. */
class RefusedPageIT {
    private static final String NAME = "gw.example.com";

    @TempDir
    Path folder;

    @Test
    void it_says_which_name_is_refused_and_the_setting_that_allows_it() {
        try (Chromium chromium = Chromium.launch("--host-resolver-rules=MAP " + NAME + " 127.0.0.1");
                RunningGateway gateway = RunningGateway.start(folder.resolve("data"));
                Visitor visitor = chromium.visitor().expecting(complaint -> true)) {
            Page page = visitor.open("http://" + NAME + ":" + gateway.port() + "/");

            assertThat(page.getByRole(AriaRole.DIALOG)).containsText(NAME);
            assertThat(page.getByRole(AriaRole.DIALOG)).containsText("auth.allowed_hosts");
            assertThat(Visitor.barriers(page)).isEmpty();
        }
    }

    @Test
    void below_a_path_it_is_whole_with_its_streams_and_links() {
        try (Chromium chromium = Chromium.launch();
                RunningGateway gateway = RunningGateway.start(folder.resolve("data"), "http.base_path=/fairlead");
                Visitor visitor = chromium.visitor()) {
            Page page = visitor.open(gateway.http("/fairlead/events/audit").toString());

            assertThat(Visitor.link(page)).hasText("Live");
            page.locator("nav a[href='/fairlead/market']").first().click();
            assertThat(page).hasURL(gateway.http("/fairlead/market").toString());
            page.reload();
            assertThat(Visitor.link(page)).hasText("Live");
        }
    }
}
