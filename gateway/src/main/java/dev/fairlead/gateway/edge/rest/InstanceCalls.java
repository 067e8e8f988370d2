package dev.fairlead.gateway.edge.rest;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.edge.access.Access;
import dev.fairlead.gateway.instances.AcpAllowance;
import dev.fairlead.gateway.instances.Dependency;
import dev.fairlead.gateway.instances.HealthProbe;
import dev.fairlead.gateway.instances.InstanceCommands;
import dev.fairlead.gateway.instances.InstanceCommands.Action;
import dev.fairlead.gateway.instances.InstanceCommands.Wanted;
import dev.fairlead.gateway.instances.LogMode;
import dev.fairlead.gateway.instances.Protocol;
import dev.fairlead.gateway.instances.ReadyWhen;
import dev.fairlead.gateway.instances.RestartPolicy;
import dev.fairlead.gateway.instances.Schedule;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.Names;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /api/instances} but for the logs. */
public final class InstanceCalls {
    private static final String ONE = "/api/instances/:name";
    private static final int PAGE = 100;
    private static final int MAX_PAGE = 500;
    /** A thousand changes, each stored before the next. */
    private static final Duration BULK_TIMEOUT = Duration.ofSeconds(55);

    private record NewInstance(
            String name,
            List<String> command,
            Optional<String> cwd,
            Optional<Map<String, String>> env,
            Optional<Integer> port,
            Optional<RestartPolicy> restart,
            Optional<HealthProbe> health,
            Optional<Boolean> autostart,
            Optional<String> user,
            Optional<Protocol> protocol,
            Optional<List<AcpAllowance>> acpAllow,
            Optional<Map<String, String>> labels,
            Optional<LogMode> log,
            Optional<List<Dependency>> dependsOn,
            Optional<ReadyWhen> readyWhen,
            Optional<Schedule> schedule,
            Optional<String> memoryMax,
            Optional<Double> cpuMax) {
        Wanted wanted() {
            return new Wanted(
                    Optional.of(command),
                    cwd,
                    env,
                    port,
                    restart,
                    health,
                    autostart,
                    user,
                    protocol,
                    acpAllow,
                    labels,
                    log,
                    dependsOn,
                    readyWhen,
                    schedule,
                    memoryMax,
                    cpuMax);
        }
    }

    private record Clone(String name) {}

    private record Bulk(Optional<String> selector, Optional<List<String>> names, Action action) {}

    private final Bus bus;

    public InstanceCalls(Bus bus) {
        this.bus = bus;
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/api/instances", Access.OPERATOR, this::list),
                Endpoint.post("/api/instances", Access.OPERATOR, this::create).reading(NewInstance.class),
                Endpoint.post("/api/instances/bulk", Access.OPERATOR, this::actOnMany),
                Endpoint.get(
                        ONE, Access.OPERATOR, call -> bus.request(new InstanceCommands.GetInstance(call.name("name")))
                                .map(Answer::ok)),
                Endpoint.put(ONE, Access.OPERATOR, this::put),
                Endpoint.patch(ONE, Access.OPERATOR, this::change),
                Endpoint.delete(ONE, Access.OPERATOR, this::delete),
                Endpoint.get(ONE + "/events", Access.OPERATOR, this::history),
                Endpoint.get(ONE + "/usage", Access.OPERATOR, call -> bus.request(
                                new InstanceCommands.GetUsage(call.name("name"), call.query("range")))
                        .map(Answer::ok)),
                Endpoint.get("/api/usage", Access.OPERATOR, call -> bus.request(
                                new InstanceCommands.GetFleetUsage(call.query("range")))
                        .map(Answer::ok)),
                act("start", Action.START),
                act("stop", Action.STOP),
                act("restart", Action.RESTART),
                act("archive", Action.ARCHIVE),
                act("unarchive", Action.UNARCHIVE),
                Endpoint.post(ONE + "/clone", Access.OPERATOR, this::copy));
    }

    private Future<Answer> list(Call call) {
        return bus.request(new InstanceCommands.ListInstances(flag(call, "include_archived"), call.query("selector")))
                .map(Answer::ok);
    }

    private static boolean flag(Call call, String name) {
        String value = call.query(name).orElse("false");
        if (!value.equals("true") && !value.equals("false")) {
            throw new FairleadException(ErrorCode.BAD_REQUEST, "Parameter '" + name + "' is true or false");
        }
        return value.equals("true");
    }

    private Future<Answer> put(Call call) {
        boolean dryRun = flag(call, "dry_run");
        List<String> assumed =
                call.query("assume").map(names -> List.of(names.split(",", -1))).orElse(List.of());
        if (!dryRun && !assumed.isEmpty()) {
            throw new FairleadException(ErrorCode.BAD_REQUEST, "Parameter 'assume' goes with dry_run=true");
        }
        return bus.request(new InstanceCommands.PutInstance(
                        call.name("name"),
                        call.body(Wanted.class),
                        dryRun,
                        assumed,
                        call.principal().actor(),
                        call.address()))
                .map(put -> Answer.json(put.outcome().equals("created") && !dryRun ? 201 : 200, put));
    }

    private Future<Answer> create(Call call) {
        NewInstance body = call.body(NewInstance.class);
        return bus.request(new InstanceCommands.CreateInstance(
                        Names.require("Field 'name'", body.name()),
                        body.wanted(),
                        call.principal().actor(),
                        call.address()))
                .map(made -> Answer.json(201, made));
    }

    private Future<Answer> change(Call call) {
        return bus.request(new InstanceCommands.ChangeInstance(
                        call.name("name"),
                        call.body(Wanted.class),
                        call.principal().actor(),
                        call.address()))
                .map(Answer::ok);
    }

    private Future<Answer> copy(Call call) {
        return bus.request(new InstanceCommands.CloneInstance(
                        call.name("name"),
                        Names.require("Field 'name'", call.body(Clone.class).name()),
                        call.principal().actor(),
                        call.address()))
                .map(made -> Answer.json(201, made));
    }

    private Future<Answer> history(Call call) {
        return bus.request(new InstanceCommands.GetHistory(
                        call.name("name"), call.query("before"), call.number("limit", PAGE, 1, MAX_PAGE)))
                .map(Answer::ok);
    }

    private Future<Answer> delete(Call call) {
        return bus.request(new InstanceCommands.DeleteInstance(
                        call.name("name"), call.principal().actor(), call.address()))
                .map(ignored -> Answer.nothing());
    }

    private Future<Answer> actOnMany(Call call) {
        Bulk body = call.body(Bulk.class);
        return bus.request(
                        new InstanceCommands.ActOnMany(
                                body.selector(),
                                body.names(),
                                body.action(),
                                call.principal().actor(),
                                call.address()),
                        BULK_TIMEOUT)
                .map(Answer::ok);
    }

    private Endpoint act(String verb, Action action) {
        return Endpoint.post(ONE + "/" + verb, Access.OPERATOR, call -> bus.request(new InstanceCommands.Act(
                        call.name("name"), action, call.principal().actor(), call.address()))
                .map(instance -> Answer.json(202, instance)));
    }
}
