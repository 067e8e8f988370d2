package dev.fairlead.gateway.chat;

import dev.fairlead.gateway.approvals.ApprovalEvent;
import dev.fairlead.gateway.tools.ToolBox;
import java.util.List;

/** What a session wants done, each after those before it: what is to be kept is committed before the next is done. */
sealed interface Effect {
    /** Keep it. Pieces of an answer are the one thing that is not waited for: they are told as they come. */
    record Keep(ChatEntry entry) implements Effect {}

    /**
     * Tell the session's sockets.
     *
     * @param except the one that is not told; empty for none
     */
    record Tell(Numbered told, String except) implements Effect {}

    /** Let the agent begin. */
    record Run(Turn turn) implements Effect {}

    /** Tell the agent that its turn counts no more. */
    record Stop(Turn turn) implements Effect {}

    /** What was told of the turn before a restart: it is shown to those who join. */
    record Shown(List<Numbered> told) implements Effect {
        public Shown {
            told = List.copyOf(told);
        }
    }

    /** Find out what became of a call that was under way before a restart. */
    record LookUp(OpenCall call) implements Effect {}

    /** Call the tool. */
    record Call(OpenCall call) implements Effect {}

    /** Tell the agent what came of its call. */
    record Settle(OpenCall call, ToolBox.Outcome outcome) implements Effect {}

    /** Tell everybody what waits for a person, or does so no longer. */
    record Asks(ApprovalEvent event) implements Effect {}

    /** Tell everybody. */
    record News(ChatEvent event) implements Effect {}
}
