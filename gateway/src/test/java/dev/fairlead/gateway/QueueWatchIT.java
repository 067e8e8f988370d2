package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import dev.fairlead.gateway.testing.GatewayProcess;
import dev.fairlead.gateway.testing.RunningGateway;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A queue of the process that does not move: seen from within, told to supervisors, and the end where it lasts. */
class QueueWatchIT {
    private static final Duration PERIOD = Duration.ofMillis(300);
    private static final int MORE_THAN_THERE_ARE_WORKERS = 64;

    private static final Pattern DEBUGGER = Pattern.compile("dt_socket at address: (\\d+)");

    @TempDir
    Path folder;

    private final List<String> ends = new CopyOnWriteArrayList<>();
    private final CountDownLatch stuck = new CountDownLatch(1);
    private RunningGateway gateway;

    @BeforeEach
    void start() {
        gateway = RunningGateway.start(folder.resolve("data"));
        gateway.gateway().watch(PERIOD, ends::add);
    }

    @AfterEach
    void stop() {
        stuck.countDown();
        gateway.close();
    }

    @Test
    void workers_that_all_wait_for_ever_fail_liveness_and_then_end_the_process() {
        assertThat(live()).isEqualTo(200);
        for (int i = 0; i < MORE_THAN_THERE_ARE_WORKERS; i++) {
            gateway.gateway().vertx().executeBlocking(this::waits, false);
        }

        await().atMost(Duration.ofSeconds(30)).until(() -> live() == 503);
        assertThat(gateway.get("/api/health/live").body().path("detail").asText())
                .contains("workers", "not moved");
        await().atMost(Duration.ofSeconds(30)).until(() -> !ends.isEmpty());
        assertThat(ends.get(0)).contains("workers");
    }

    @Test
    void workers_that_go_on_in_time_are_well_again() {
        for (int i = 0; i < MORE_THAN_THERE_ARE_WORKERS; i++) {
            gateway.gateway().vertx().executeBlocking(this::waits, false);
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> live() == 503);

        stuck.countDown();

        await().atMost(Duration.ofSeconds(10)).until(() -> live() == 200);
    }

    @Test
    @Tag("slow")
    void a_process_with_an_event_loop_that_stands_still_says_so_and_ends_for_what_runs_it_to_start_it_again()
            throws Exception {
        List<String> debugged =
                List.of("-Xmx256m", "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0");
        try (GatewayProcess process = GatewayProcess.under(
                List.of(),
                debugged,
                folder,
                Map.of(),
                List.of(
                        "serve",
                        "--port",
                        "0",
                        "--data-dir",
                        folder.resolve("other").toString()))) {
            assertThat(process.port()).isPositive();
            Matcher debugger = DEBUGGER.matcher(process.output());
            assertThat(debugger.find()).as(process.output()).isTrue();
            VirtualMachine machine = attach(debugger.group(1));
            try {
                suspend(machine, "vert.x-eventloop-thread-0");

                assertThat(process.exit(Duration.ofMinutes(1))).isEqualTo(1);
                assertThat(process.err())
                        .contains("has not moved for", "the process ends, to be started again by what runs it");
            } finally {
                quietly(machine);
            }
        }
    }

    private static VirtualMachine attach(String port) throws Exception {
        AttachingConnector sockets = Bootstrap.virtualMachineManager().attachingConnectors().stream()
                .filter(connector -> connector.name().equals("com.sun.jdi.SocketAttach"))
                .findFirst()
                .orElseThrow();
        Map<String, Connector.Argument> arguments = sockets.defaultArguments();
        arguments.get("hostname").setValue("127.0.0.1");
        arguments.get("port").setValue(port);
        return sockets.attach(arguments);
    }

    private static void suspend(VirtualMachine machine, String name) {
        List<ThreadReference> found = machine.allThreads().stream()
                .filter(thread -> thread.name().equals(name))
                .toList();
        assertThat(found).hasSize(1);
        found.get(0).suspend();
    }

    private static void quietly(VirtualMachine machine) {
        try {
            machine.dispose();
        } catch (VMDisconnectedException ended) {
            // as it should have
        }
    }

    private Object waits() throws InterruptedException {
        stuck.await();
        return this;
    }

    private int live() {
        return gateway.get("/api/health/live").status();
    }
}
