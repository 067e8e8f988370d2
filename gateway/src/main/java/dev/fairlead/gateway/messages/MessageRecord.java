package dev.fairlead.gateway.messages;

import dev.fairlead.protocol.RawJson;
import java.util.List;

/**
 * A message with all that happened to it and its payload, as it stands in the journal and in blocks.
 *
 * @param payload one JSON value, as it came
 */
record MessageRecord(StoredMessage message, List<Happened> history, RawJson payload) {
    MessageRecord {
        history = List.copyOf(history);
    }

    @Override
    public String toString() {
        return "MessageRecord[" + message + "]";
    }
}
