package dev.fairlead.gateway.demo;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.instances.InstanceCommands.Act;
import dev.fairlead.gateway.instances.InstanceCommands.Action;
import dev.fairlead.gateway.instances.InstanceCommands.ChangeInstance;
import dev.fairlead.gateway.instances.InstanceCommands.CreateInstance;
import dev.fairlead.gateway.instances.InstanceCommands.GetInstance;
import dev.fairlead.gateway.instances.InstanceCommands.ListInstances;
import dev.fairlead.protocol.InstanceStatus;
import dev.fairlead.protocol.InstanceSummary;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the demo's instances, or takes those that an earlier demo left in the same folder, and starts them. What is
 * archived by hand stays so, and what still runs after a crash of the gateway goes on.
 */
public final class SampleInstancesVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(SampleInstancesVerticle.class);
    private static final String ACTOR = "demo";
    private static final String ADDRESS = "local";

    private Bus bus;

    @Override
    public Future<?> start() {
        bus = Bus.on(vertx);
        return bus.request(new ListInstances(true, Optional.empty())).compose(list -> {
            Map<String, InstanceSummary> there =
                    list.instances().stream().collect(Collectors.toMap(InstanceSummary::name, Function.identity()));
            Future<Void> all = Future.succeededFuture();
            for (SampleInstance sample : SampleInstance.all()) {
                all = all.compose(before -> ensure(sample, Optional.ofNullable(there.get(sample.name()))));
            }
            return all;
        });
    }

    /** One that cannot be started is told, and keeps none of the others from it. */
    private Future<Void> ensure(SampleInstance sample, Optional<InstanceSummary> there) {
        Future<Void> ensured = there.isEmpty() ? create(sample) : takeUp(sample, there.get());
        return ensured.onFailure(failure -> log.warn(
                        "The demo's instance {} is not as it should be: {}", sample.name(), failure.getMessage()))
                .otherwiseEmpty();
    }

    private Future<Void> create(SampleInstance sample) {
        return bus.request(new CreateInstance(sample.name(), sample.wanted(), ACTOR, ADDRESS))
                .compose(created -> switch (sample.state()) {
                    case RUNNING -> act(sample, Action.START);
                    case ARCHIVED -> act(sample, Action.ARCHIVE);
                    case STOPPED -> Future.succeededFuture();
                });
    }

    private Future<Void> takeUp(SampleInstance sample, InstanceSummary there) {
        boolean down = there.status() == InstanceStatus.STOPPED || there.status() == InstanceStatus.FAILED;
        if (!down || there.archivedAt().isPresent()) {
            return Future.succeededFuture();
        }
        return current(sample)
                .compose(ready -> sample.state() == SampleInstance.State.RUNNING
                        ? act(sample, Action.START)
                        : Future.succeededFuture());
    }

    /** The jar or the Java may be another one by now. */
    private Future<Void> current(SampleInstance sample) {
        return bus.request(new GetInstance(sample.name()))
                .compose(found -> found.command().equals(sample.command())
                        ? Future.succeededFuture()
                        : bus.request(new ChangeInstance(sample.name(), sample.wanted(), ACTOR, ADDRESS))
                                .mapEmpty());
    }

    private Future<Void> act(SampleInstance sample, Action action) {
        return bus.request(new Act(sample.name(), action, ACTOR, ADDRESS)).mapEmpty();
    }
}
