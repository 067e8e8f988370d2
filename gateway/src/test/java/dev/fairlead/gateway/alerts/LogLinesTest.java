package dev.fairlead.gateway.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.logs.LogCommands;
import dev.fairlead.gateway.settings.AlertRule;
import dev.fairlead.gateway.time.ManualTime;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From where each log is read on, whatever becomes of the instance and of the rules meanwhile. */
class LogLinesTest {
    private static final AlertRule RULE = AlertRule.parse("log_line=FATAL");

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final ManualTime time = new ManualTime();
    private final Instant start = time.instant();
    private final List<AlertRule> rules = new ArrayList<>(List.of(RULE));
    private final Set<String> running = new LinkedHashSet<>();
    private final Set<String> existing = new LinkedHashSet<>(List.of("web"));
    private final LogLines.Fleet fleet = new LogLines.Fleet() {
        @Override
        public Set<String> ran() {
            return Set.copyOf(running);
        }

        @Override
        public boolean exists(String instance) {
            return existing.contains(instance);
        }
    };
    private final List<LogCommands.Place> asked = new ArrayList<>();

    @BeforeEach
    void begin() throws Exception {
        Bus bus = Bus.install(vertx);
        await(Future.future(begun -> loop.runOnContext(turn -> {
            bus.answerAt(LogCommands.place("node-1"), LogCommands.ReadOn.class, this::read);
            new LogLines(bus, "node-1", () -> rules, fleet, time, (rule, instance, line) -> {}).start(time);
            begun.complete();
        })));
    }

    @AfterEach
    void end() throws Exception {
        await(vertx.close());
    }

    private Future<LogCommands.Page> read(LogCommands.ReadOn request) {
        asked.add(request.from());
        String end = "end-" + asked.size();
        return Future.succeededFuture(
                new LogCommands.Page(List.of(), List.of(), 0, end, end, Optional.empty(), Optional.of(false)));
    }

    @Test
    void an_instance_that_starts_again_is_read_on_from_where_its_log_was_left() throws Exception {
        running.add("web");
        assertThat(look()).containsExactly(new LogCommands.Place.Moment(start));
        running.clear();
        assertThat(look()).as("its last lines").containsExactly(new LogCommands.Place.Cursor("end-1"));
        assertThat(look()).isEmpty();
        assertThat(look()).isEmpty();
        running.add("web");

        assertThat(look()).containsExactly(new LogCommands.Place.Cursor("end-2"));
    }

    @Test
    void a_rule_that_is_added_is_about_what_is_written_from_then_on() throws Exception {
        rules.clear();
        running.add("web");
        assertThat(look()).isEmpty();
        Instant before = time.instant();
        rules.add(RULE);

        assertThat(look()).containsExactly(new LogCommands.Place.Moment(before));
    }

    @Test
    void of_what_is_gone_no_place_is_kept() throws Exception {
        running.add("web");
        assertThat(look()).hasSize(1);
        running.clear();
        existing.clear();
        assertThat(look()).isEmpty();
        Instant before = time.instant();
        running.add("web");
        existing.add("web");

        assertThat(look()).as("another one of that name").containsExactly(new LogCommands.Place.Moment(before));
    }

    /** Lets the time of a look come, and waits until it is over. */
    private List<LogCommands.Place> look() throws Exception {
        int before = await(Future.<Integer>future(done -> loop.runOnContext(turn -> {
            int now = asked.size();
            time.advance(LogLines.PERIOD);
            done.complete(now);
        })));
        for (int turns = 0; turns < 20; turns++) { // an answer takes a few turns of the loop, and there is one loop
            await(Future.future(turned -> loop.runOnContext(turn -> turned.complete())));
        }
        return await(Future.future(
                done -> loop.runOnContext(turn -> done.complete(List.copyOf(asked.subList(before, asked.size()))))));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage()
                .toCompletableFuture()
                .get(Duration.ofSeconds(30).toSeconds(), TimeUnit.SECONDS);
    }
}
