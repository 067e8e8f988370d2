package dev.fairlead.gateway.edge;

import dev.fairlead.gateway.auth.GatewayIdentity;
import dev.fairlead.gateway.auth.TokenIssuer;
import dev.fairlead.gateway.edge.access.Gatekeeper;
import dev.fairlead.gateway.edge.access.SocketSlots;
import dev.fairlead.gateway.edge.agent.FrameRates;
import dev.fairlead.gateway.edge.intake.ByteBudget;
import dev.fairlead.gateway.edge.page.OwnCommand;
import dev.fairlead.gateway.edge.page.PageFiles;
import dev.fairlead.gateway.edge.socket.Traffic;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.traces.Traces;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the edges of one node share; all of it may be used from any thread.
 *
 * @param node the node's name, unique in a cluster
 * @param version of the product
 * @param startedAt nanoseconds of the monotonic clock
 * @param identity by which the gateway proves itself to who can read its data folder
 * @param rates what each agent has left of {@code agents.max_rate}
 * @param bodies what bodies of requests may hold while they come in
 * @param unread what answers may hold that their clients do not take
 * @param page the dashboard
 * @param command how a shell of this machine calls this gateway
 * @param traces what a collector is told of
 * @param concerns those that answer for their health
 * @param boundPort set by the edges to the port they got
 */
public record EdgeContext(
        Settings settings,
        TimeSource time,
        String node,
        String version,
        long startedAt,
        Gatekeeper gatekeeper,
        TokenIssuer issuer,
        GatewayIdentity identity,
        SocketSlots slots,
        FrameRates rates,
        ByteBudget bodies,
        ByteBudget unread,
        Lifecycle lifecycle,
        Traffic traffic,
        PageFiles page,
        OwnCommand command,
        Traces traces,
        PrometheusMeterRegistry metrics,
        List<String> concerns,
        AtomicInteger boundPort) {}
