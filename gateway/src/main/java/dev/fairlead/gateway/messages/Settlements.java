package dev.fairlead.gateway.messages;

import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.MessageEvent;
import io.vertx.core.Future;
import java.util.Optional;

/** Acknowledgements that come once more, because the answer to the first was lost: what ended is looked up. */
final class Settlements {
    private final MessageBus messages;
    private final Commits commits;
    private final MessageQueries queries;

    Settlements(MessageBus messages, Commits commits, MessageQueries queries) {
        this.messages = messages;
        this.commits = commits;
        this.queries = queries;
    }

    /**
     * Answers like the first time where that very attempt acknowledged the message, by the same agent, on whichever of
     * its connections.
     *
     * @param stale what anything else fails with
     */
    Future<MessageCommands.Settled> again(MessageCommands.Settle command, FairleadException stale) {
        if (command.action() != MessageCommands.LeaseAction.ACKNOWLEDGE || messages.isOpen(command.messageId())) {
            return Future.failedFuture(stale);
        }
        return ShownText.uuid(command.messageId())
                .map(id -> commits.after(() -> id) // the first one may be on its way to the disk
                        .compose(queries::find)
                        .compose(found -> found.filter(kept -> isHis(kept.message(), command.agent()))
                                .filter(kept -> byIt(kept, command.attempt()))
                                .map(kept -> Future.succeededFuture(new MessageCommands.Settled(
                                        command.messageId(), MessageEvent.Kind.ACKNOWLEDGED)))
                                .orElseGet(() -> Future.failedFuture(stale))))
                .orElseGet(() -> Future.failedFuture(stale));
    }

    private static boolean isHis(StoredMessage message, String agent) {
        return message.accepted().to().equals(agent) && message.status() == MessageEvent.Kind.ACKNOWLEDGED;
    }

    /** The operator's hand leaves a word; an agent's acknowledgement does not. */
    private static boolean byIt(MessageQueries.Whole kept, int attempt) {
        return MessageQueries.attempts(kept.history()).stream()
                .anyMatch(one -> one.attempt() == attempt
                        && one.outcome().equals(Optional.of(MessageEvent.Kind.ACKNOWLEDGED))
                        && one.detail().isEmpty());
    }
}
