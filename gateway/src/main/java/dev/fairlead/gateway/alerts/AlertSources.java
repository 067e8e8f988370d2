package dev.fairlead.gateway.alerts;

import dev.fairlead.gateway.agents.AgentEvent;
import dev.fairlead.gateway.approvals.Approval;
import dev.fairlead.gateway.approvals.ApprovalEvent;
import dev.fairlead.gateway.instances.InstanceEvent;
import dev.fairlead.gateway.settings.AlertRule.Kind;
import dev.fairlead.protocol.AgentStatus;
import dev.fairlead.protocol.AgentSummary;
import dev.fairlead.protocol.InstanceStatus;
import dev.fairlead.protocol.InstanceSummary;
import dev.fairlead.protocol.MessageEvent;
import dev.fairlead.protocol.TokenState;
import dev.fairlead.protocol.VisibleText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tells the rules what the news of the concerns mean for them. Plain state, as {@link Alerts}. */
final class AlertSources implements LogLines.Fleet {
    /** What is said of the token, and of the disk: there is one of each. */
    static final String TOKEN = "upstream";

    static final String DISK = "data-folder";

    /** Most dead letters of one recipient that are followed until somebody revives them. */
    private static final int MOST_DEAD = 1_000;

    private final Alerts alerts;
    private final Map<String, InstanceSummary> instances = new HashMap<>();
    private final Set<String> ran = new LinkedHashSet<>();
    private final Map<String, AgentStatus> agents = new HashMap<>();
    private final Map<String, Set<String>> dead = new HashMap<>();

    AlertSources(Alerts alerts) {
        this.alerts = alerts;
    }

    /** Those that run, and those that did since this was last asked: one may live for less than a look. */
    @Override
    public Set<String> ran() {
        Set<String> names = new LinkedHashSet<>(ran);
        ran.clear();
        instances.forEach((name, instance) -> {
            if (isUp(instance)) {
                names.add(name);
            }
        });
        return names;
    }

    @Override
    public boolean exists(String instance) {
        return instances.containsKey(instance);
    }

    List<Change> instance(InstanceSummary instance) {
        List<Change> changes = new ArrayList<>();
        String name = instance.name();
        InstanceSummary before = instances.put(name, instance);
        if (isUp(instance)) {
            ran.add(name);
        }
        if (instance.archivedAt().isPresent()) {
            changes.addAll(alerts.ends(Kind.INSTANCE_FAILED, name));
        } else if (hasFailed(instance)) {
            String why = instance.reason().map(reason -> ": " + reason).orElse("");
            changes.addAll(alerts.holds(Kind.INSTANCE_FAILED, name, line("Instance " + name + " failed" + why)));
        } else {
            changes.addAll(alerts.ends(Kind.INSTANCE_FAILED, name));
        }
        if (before != null && instance.restarts() > before.restarts()) {
            String why = instance.exitCode()
                    .map(code -> ", last with exit code " + code)
                    .orElse("");
            changes.addAll(alerts.happened(
                    Kind.INSTANCE_FLAPPING, name, line("Instance " + name + " dies again and again" + why)));
        }
        changes.addAll(agentOf(name));
        return changes;
    }

    List<Change> on(InstanceEvent event) {
        if (event instanceof InstanceEvent.Of of) {
            return instance(of.instance());
        }
        instances.remove(event.name());
        ran.remove(event.name());
        List<Change> changes = new ArrayList<>();
        changes.addAll(alerts.ends(Kind.INSTANCE_FAILED, event.name()));
        changes.addAll(alerts.ends(Kind.INSTANCE_FLAPPING, event.name()));
        changes.addAll(alerts.ends(Kind.LOG_LINE, event.name()));
        changes.addAll(agentOf(event.name()));
        return changes;
    }

    /** One that has never been there is not gone. */
    List<Change> agent(AgentSummary agent) {
        if (agent.lastSeen().isEmpty()) {
            return List.of();
        }
        agents.put(agent.name(), agent.status());
        return agentOf(agent.name());
    }

    List<Change> on(AgentEvent event) {
        if (event instanceof AgentEvent.Connected connected) {
            agents.put(event.name(), connected.agent().status());
        } else if (event instanceof AgentEvent.StatusChanged changed) {
            agents.put(event.name(), changed.status());
        } else {
            agents.remove(event.name());
        }
        return agentOf(event.name());
    }

    List<Change> on(List<MessageEvent> events) {
        List<Change> changes = new ArrayList<>();
        for (MessageEvent event : events) {
            Optional<Set<String>> ofRecipient = Optional.ofNullable(dead.get(event.to()));
            if (event.event() == MessageEvent.Kind.DEAD_LETTERED) {
                Set<String> ids = dead.computeIfAbsent(event.to(), ignored -> new LinkedHashSet<>());
                if (ids.size() < MOST_DEAD) {
                    ids.add(event.messageId());
                }
                changes.addAll(alerts.happened(Kind.DEAD_LETTER, event.to(), line(deadLetter(event))));
            } else if (ofRecipient
                    .filter(ids -> ids.remove(event.messageId()) && ids.isEmpty())
                    .isPresent()) {
                dead.remove(event.to());
                changes.addAll(alerts.ends(Kind.DEAD_LETTER, event.to()));
            }
        }
        return changes;
    }

    /** Only where there is an upstream whose token one could miss. */
    List<Change> token(TokenState state, Optional<String> reason) {
        return state.usable()
                ? alerts.ends(Kind.TOKEN_UNUSABLE, TOKEN)
                : alerts.holds(
                        Kind.TOKEN_UNUSABLE,
                        TOKEN,
                        line("The upstream's token is " + state.wire()
                                + reason.map(why -> ": " + why).orElse("")));
    }

    List<Change> waiting(String id, Approval.Kind kind, String subject) {
        return kind == Approval.Kind.ORDER
                ? alerts.holds(Kind.ORDER_WAITING, id, line("Order " + subject + " waits for a person"))
                : alerts.holds(
                        Kind.APPROVAL_WAITING,
                        id,
                        line("An approval of " + subject + " (" + kind.wire() + ") waits for a person"));
    }

    List<Change> on(ApprovalEvent event) {
        return event instanceof ApprovalEvent.Asked asked
                ? waiting(asked.id(), asked.kind(), asked.subject())
                : alerts.ends(
                        event.kind() == Approval.Kind.ORDER ? Kind.ORDER_WAITING : Kind.APPROVAL_WAITING, event.id());
    }

    List<Change> disk(int percent, String folder) {
        return alerts.fills(Kind.DISK_FULL, DISK, percent, line("The disk of " + folder + " is " + percent + "% full"));
    }

    /** A stopped instance's agent is not gone but stopped, and of a failed one the failure tells. */
    private List<Change> agentOf(String name) {
        AgentStatus status = agents.get(name);
        InstanceSummary instance = instances.get(name);
        return status == null || status == AgentStatus.ONLINE || (instance != null && !isUp(instance))
                ? alerts.ends(Kind.AGENT_GONE, name)
                : alerts.holds(Kind.AGENT_GONE, name, "Agent " + name + " is " + status.wire());
    }

    /** Given up, or ended by itself and not well: who stops one is told no reason. */
    private static boolean hasFailed(InstanceSummary instance) {
        boolean endedBadly = instance.reason().isPresent()
                && instance.exitCode().filter(code -> code != 0).isPresent();
        return instance.status() == InstanceStatus.FAILED
                || (instance.status() == InstanceStatus.STOPPED && endedBadly);
    }

    private static boolean isUp(InstanceSummary instance) {
        return switch (instance.status()) {
            case STARTING, RUNNING, UNHEALTHY -> true;
            case STOPPED, STOPPING, FAILED, UNKNOWN -> false;
        };
    }

    private static String deadLetter(MessageEvent event) {
        return "A message of " + event.from() + " (" + event.messageType() + ") could not be delivered to " + event.to()
                + event.detail().map(why -> ": " + why).orElse("");
    }

    /** One line without what would steer a terminal or begin another header. */
    static String line(String text) {
        String clean = text.replaceAll("\u001b\\[[0-9;?]*[A-Za-z]", "")
                .replaceAll("\\p{Cntrl}+", " ")
                .strip();
        return VisibleText.cut(clean, Alert.MOST_SUMMARY);
    }
}
