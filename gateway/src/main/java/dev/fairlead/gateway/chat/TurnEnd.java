package dev.fairlead.gateway.chat;

/** How a turn ended. */
enum TurnEnd {
    DONE("complete", ChatState.IDLE),
    ABORTED("aborted", ChatState.IDLE),
    ERROR("error", ChatState.ERROR),
    /** The gateway ended while it ran. */
    INTERRUPTED("interrupted", ChatState.ERROR);

    private final String status;
    private final ChatState leaves;

    TurnEnd(String status, ChatState leaves) {
        this.status = status;
        this.leaves = leaves;
    }

    /** Of the assistant's message. */
    String status() {
        return status;
    }

    /** The state of the session after it. */
    ChatState leaves() {
        return leaves;
    }

    /** The state of the turn in the store: one that was interrupted is an error with that reason. */
    String stored() {
        return this == DONE ? "done" : this == ABORTED ? "aborted" : "error";
    }
}
