package dev.fairlead.gateway.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.fairlead.gateway.dashboard.Visitor.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.fairlead.gateway.testing.RunningGateway;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A fleet that is empty says what to do, in commands that do it. */
class FirstRunIT {
    @TempDir
    Path folder;

    @Test
    void the_commands_do_as_copied_what_the_page_says() throws Exception {
        try (Dashboard dashboard = Dashboard.start(folder);
                Visitor visitor = dashboard.visitor()) {
            visitor.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
            Page page = visitor.open(dashboard.url("/"));
            assertThat(page.locator(".empty")).containsText("Your fleet is empty");
            assertThat(Visitor.barriers(page)).isEmpty();
            Visitor.picture(page, "first-run");
            Locator commands = page.locator(".command");
            assertThat(commands.first()).isVisible();
            // The first command makes the instance, and with it the page goes on to the table.
            List<String> shown = commands.locator("code").allTextContents();
            commands.first()
                    .getByRole(com.microsoft.playwright.options.AriaRole.BUTTON)
                    .click();
            page.waitForCondition(() -> shown.get(0).equals(page.evaluate("() => navigator.clipboard.readText()")));

            for (String command : shown) {
                if (command.contains(" instances ")) {
                    assertThat(shell(command)).as(command).isZero();
                }
            }

            assertThat(row(page, "hello")).containsText("running");
            page.locator("a.name").getByText("hello").click();
            assertThat(page.locator(".log-line").first()).isVisible();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "messages, /messages, No messages yet",
        "dead-letters, /messages/dead, No dead letters",
        "chat, /chat, No chats yet",
        "market, /market, No upstream is set",
        "events, /events, Nothing has happened yet"
    })
    void a_page_with_nothing_on_it_says_what_would_be_there(String name, String path, String said) {
        try (Dashboard dashboard = Dashboard.start(folder);
                Visitor visitor = dashboard.visitor()) {
            Page page = visitor.open(dashboard.url(path));
            assertThat(page.locator("main")).containsText(said);
            assertThat(Visitor.barriers(page)).isEmpty();
            Visitor.picture(page, "nothing-" + name);
        }
    }

    /** Runs it where a newcomer would: in the folder the jar was built in. */
    private int shell(String command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", command)
                .directory(Path.of("").toAbsolutePath().getParent().toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("shell.log").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("FAIRLEAD_"));
        builder.environment().put("FAIRLEAD_ADMIN_PASSWORD", RunningGateway.PASSWORD);
        // A gateway of whoever runs the tests is none of these.
        builder.environment()
                .put("FAIRLEAD_DATA_DIR", folder.resolve("nobody's").toString());
        Process process = builder.start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return process.waitFor();
    }
}
