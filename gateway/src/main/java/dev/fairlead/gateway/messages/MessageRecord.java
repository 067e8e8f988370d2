package dev.fairlead.gateway.messages;

import java.util.List;

/**
 * A message with all that happened to it and its payload, as it stands in the journal and in blocks.
 *
 * @param payload one JSON value in UTF-8; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
record MessageRecord(StoredMessage message, List<Happened> history, byte[] payload) {
    MessageRecord {
        history = List.copyOf(history);
    }

    @Override
    public String toString() {
        return "MessageRecord[" + message + "]";
    }
}
