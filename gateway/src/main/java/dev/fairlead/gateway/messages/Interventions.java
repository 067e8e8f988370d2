package dev.fairlead.gateway.messages;

import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.MessageEvent;
import dev.fairlead.protocol.Names;
import io.vertx.core.Future;

/** The operator's hand on single messages, and looking at one: what is not in memory is looked up. */
final class Interventions {
    private final MessageBus messages;
    private final Commits commits;
    private final MessageStore store;

    Interventions(MessageBus messages, Commits commits, MessageStore store) {
        this.messages = messages;
        this.commits = commits;
        this.store = store;
    }

    Future<MessageCommands.Found> get(MessageCommands.Get get) {
        return find(get.messageId())
                .compose(found -> {
                    boolean mayRead = get.onlyFor()
                            .map(agent -> found.message().accepted().from().equals(agent)
                                    || found.message().accepted().to().equals(agent))
                            .orElse(true);
                    // To everybody else it does not exist.
                    return mayRead ? Future.succeededFuture(found) : Future.failedFuture(notFound(get.messageId()));
                })
                .map(found -> new MessageCommands.Found(
                        MessageQueries.summary(found.message()),
                        found.payload(),
                        MessageQueries.attempts(found.history())));
    }

    Future<MessageCommands.Settled> intervene(MessageCommands.Intervene command) {
        commits.requireReady();
        return switch (command.action()) {
            case ACKNOWLEDGE -> end(command, MessageEvent.Kind.ACKNOWLEDGED);
            case FAIL -> end(command, MessageEvent.Kind.FAILED);
            case RETRY -> retry(command);
        };
    }

    private Future<MessageCommands.Settled> end(MessageCommands.Intervene command, MessageEvent.Kind status) {
        if (messages.override(command.messageId(), status, command.reason()).isPresent()) {
            return commits.after(() -> new MessageCommands.Settled(command.messageId(), status));
        }
        return find(command.messageId())
                .compose(found -> Future.failedFuture(invalid("The message has ended: it is "
                        + found.message().status().wire())));
    }

    private Future<MessageCommands.Settled> retry(MessageCommands.Intervene command) {
        MessageCommands.Settled answer =
                new MessageCommands.Settled(command.messageId(), MessageEvent.Kind.RETRY_SCHEDULED);
        if (messages.hasten(command.messageId()).isPresent()) {
            return commits.after(() -> answer);
        }
        return find(command.messageId()).compose(found -> {
            commits.requireReady();
            MessageEvent.Kind status = found.message().status();
            boolean endedBadly = status == MessageEvent.Kind.DEAD_LETTERED
                    || status == MessageEvent.Kind.FAILED
                    || status == MessageEvent.Kind.EXPIRED;
            if (!endedBadly || messages.isOpen(command.messageId())) {
                return Future.failedFuture(
                        invalid("Only a message that ended without an acknowledgement can be sent again; this one is "
                                + status.wire()));
            }
            if (!store.hold(found.message().sequence())) {
                return store.moved().compose(there -> retry(command));
            }
            try {
                messages.revive(found);
            } catch (FairleadException refusal) {
                store.release(found.message().sequence());
                throw refusal;
            }
            return commits.after(() -> answer);
        });
    }

    private Future<MessageQueries.Whole> find(String messageId) {
        return ShownText.uuid(messageId)
                .map(id -> store.queries().find(id).map(found -> found.orElseThrow(() -> notFound(messageId))))
                .orElseGet(() -> Future.failedFuture(notFound(messageId)));
    }

    private static FairleadException notFound(String messageId) {
        return new FairleadException(ErrorCode.MESSAGE_NOT_FOUND, "No message '" + Names.shown(messageId) + "'");
    }

    private static FairleadException invalid(String why) {
        return new FairleadException(ErrorCode.INVALID_STATE, why);
    }
}
