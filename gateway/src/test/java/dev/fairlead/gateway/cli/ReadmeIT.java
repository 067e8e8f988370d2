package dev.fairlead.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.testing.GatewayProcess;
import dev.fairlead.gateway.upstream.simulator.RunningSimulator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The readme's five minutes and the whole tour as a newcomer takes them: each command is typed as it stands, one after
 * the other, and says what stands below it.
 */
class ReadmeIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Of the tour: programs that are not on this machine, and an answer about one that has failed. */
    private static final List<String> ELSEWHERE = List.of("postgres", "migrate", "coder", "fairlead chat");

    @TempDir
    Path home;

    @Test
    void every_command_does_what_the_page_shows() throws Exception {
        try (Newcomer newcomer = new Newcomer(home)) {
            GatewayProcess gateway = GatewayProcess.serve(home, Map.of(), "--port", Integer.toString(newcomer.port()));
            try {
                gateway.port();
                int typed = 0;
                for (ShownCommand shown : ShownCommand.on(Path.of("..", "README.md"))) {
                    if (!shown.command().startsWith("java ")) { // the demo has a test of its own
                        typed++;
                        newcomer.type(shown);
                    }
                }
                assertThat(typed).isGreaterThan(5);
            } finally {
                gateway.terminate(); // its programs end with it, where it may end by itself
                gateway.exit(PATIENCE);
            }
        }
    }

    @Test
    void so_it_is_with_the_whole_tour() throws Exception {
        try (RunningSimulator upstream = RunningSimulator.start();
                Newcomer newcomer = new Newcomer(home)) {
            Map<String, String> settings = Map.of(
                    "FAIRLEAD_HTTP_PORT",
                    Integer.toString(newcomer.port()),
                    "FAIRLEAD_UPSTREAM_KIND",
                    "simulator",
                    "FAIRLEAD_UPSTREAM_BASE_URL",
                    upstream.baseUrl().toString(),
                    "FAIRLEAD_ORDERS_ENABLED",
                    "true");
            Set<String> typed = new HashSet<>();
            for (ShownCommand shown : ShownCommand.on(Path.of("..", "gateway", "docs", "tour.md"))) {
                String command = shown.command();
                if (ELSEWHERE.stream().noneMatch(command::contains) && typed.add(command)) {
                    if (command.contains(" tail ")) {
                        newcomer.type(new ShownCommand(
                                "curl -s --retry 30 --retry-connrefused -o page localhost:9000", List.of()));
                    }
                    newcomer.type(shown, command.equals("fairlead serve") ? settings : Map.of());
                    if (shown.goesOn() && command.endsWith(" agent")) { // "here are three"
                        newcomer.type(shown.with("agent-1", "agent-2"));
                        newcomer.type(shown.with("agent-1", "agent-3"));
                    }
                }
            }
            assertThat(typed).hasSizeGreaterThan(15);
        }
    }
}
