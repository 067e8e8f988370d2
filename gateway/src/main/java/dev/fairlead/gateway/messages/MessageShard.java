package dev.fairlead.gateway.messages;

import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.MessageEvent;
import io.vertx.core.Future;

/** The messages to some recipients, or to all: what is in memory of them, what is kept, and the way between. */
final class MessageShard {
    private final MessageBus messages;
    private final MessageStore store;
    private final Commits commits;
    private final Settlements settlements;
    private final Interventions interventions;

    MessageShard(MessageBus messages, MessageStore store, Commits commits) {
        this.messages = messages;
        this.store = store;
        this.commits = commits;
        this.settlements = new Settlements(messages, commits, store.queries());
        this.interventions = new Interventions(messages, commits, store);
    }

    MessageBus messages() {
        return messages;
    }

    MessageStore store() {
        return store;
    }

    Commits commits() {
        return commits;
    }

    /** Takes a message in; answered when it is committed. */
    Future<MessageCommands.Sent> send(MessageCommands.Send command) {
        commits.requireReady();
        return commits.after(messages.send(command));
    }

    Future<MessageCommands.Settled> settle(MessageCommands.Settle command) {
        commits.requireReady();
        MessageEvent.Kind status;
        try {
            status = messages.settle(command);
        } catch (FairleadException stale) {
            return settlements.again(command, stale);
        }
        MessageCommands.Settled answer = new MessageCommands.Settled(command.messageId(), status);
        return command.action() == MessageCommands.LeaseAction.EXTEND
                ? Future.succeededFuture(answer) // nothing to keep: no lease outlives the process
                : commits.after(() -> answer);
    }

    Future<MessageCommands.Settled> intervene(MessageCommands.Intervene command) {
        return interventions.intervene(command);
    }

    Future<MessageCommands.Found> get(MessageCommands.Get command) {
        return interventions.get(command);
    }

    /** Does what is due. */
    void tick() {
        messages.tick();
        if (messages.hasWork()) {
            commits.changed();
        }
    }

    /** Whether {@link #tick} may find something. */
    boolean isBusy() {
        return messages.open() > 0 || messages.hasWork();
    }
}
