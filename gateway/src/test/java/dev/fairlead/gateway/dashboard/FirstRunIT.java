package dev.fairlead.gateway.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.fairlead.gateway.dashboard.Visitor.patiently;
import static dev.fairlead.gateway.dashboard.Visitor.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.fairlead.gateway.testing.GatewayProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
    void the_commands_do_as_copied_what_the_page_says_from_any_folder() throws Exception {
        Path elsewhere = Files.createDirectories(folder.resolve("else where"));
        Path data = folder.resolve("its data");
        try (GatewayProcess gateway = GatewayProcess.serve(
                        Files.createDirectories(folder.resolve("home")),
                        Map.of(),
                        "--port",
                        "0",
                        "--data-dir",
                        data.toString());
                Chromium chromium = Chromium.launch();
                Visitor visitor = chromium.visitor()) {
            visitor.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
            Page page = visitor.open("http://127.0.0.1:" + gateway.port() + "/");
            assertThat(page.locator(".empty")).containsText("Your fleet is empty");
            assertThat(Visitor.barriers(page)).isEmpty();
            Visitor.picture(page, "first-run");
            Locator commands = page.locator(".command");
            assertThat(commands.first()).containsText("FAIRLEAD_DATA_DIR='" + data + "'");
            // The first command makes the instance, and with it the page goes on to the table.
            List<String> shown = commands.locator("code").allTextContents();
            commands.first()
                    .getByRole(com.microsoft.playwright.options.AriaRole.BUTTON)
                    .click();
            page.waitForCondition(() -> shown.get(0).equals(page.evaluate("() => navigator.clipboard.readText()")));
            assertThat(shown).hasSize(3);

            assertThat(ended(shell(shown.get(0), elsewhere))).as(shown.get(0)).isZero();
            assertThat(ended(shell(shown.get(1), elsewhere))).as(shown.get(1)).isZero();
            Process agent = shell(shown.get(2), elsewhere);
            try {
                assertThat(row(page, "hello")).containsText("running");
                assertThat(row(page, "agent-1")).containsText("online", patiently());
            } finally {
                agent.descendants().forEach(ProcessHandle::destroyForcibly);
                agent.destroyForcibly();
            }
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

    /** Runs it with nothing of what the gateway was given, not even its home folder. */
    private Process shell(String command, Path where) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", command)
                .directory(where.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("shell.log").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("FAIRLEAD_"));
        builder.environment().put("HOME", where.toString());
        return builder.start();
    }

    private static int ended(Process process) throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return process.waitFor();
    }
}
