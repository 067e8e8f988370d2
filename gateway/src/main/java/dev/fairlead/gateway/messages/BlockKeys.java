package dev.fairlead.gateway.messages;

import java.util.ArrayList;
import java.util.List;

/** The idempotency keys of a block as bytes of their own, so that they are read again without the messages. */
final class BlockKeys {
    private BlockKeys() {}

    static byte[] bytes(List<MessageRecord> records) {
        ByteWriter out = JournalCodec.begin();
        for (MessageRecord record : records) {
            StoredMessage message = record.message();
            if (message.accepted().dedupe().isPresent()) {
                out.text(message.accepted().dedupe().get().text())
                        .id(message.id())
                        .instant(message.accepted().acceptedAt());
                JournalCodec.kind(out, message.status());
            }
        }
        return out.toBytes();
    }

    static List<KeyMemory.Entry> entries(byte[] bytes) {
        ByteReader in = JournalCodec.open(bytes);
        List<KeyMemory.Entry> entries = new ArrayList<>();
        while (in.hasMore()) {
            IdempotencyKey key = IdempotencyKey.parse(in.text());
            entries.add(new KeyMemory.Entry(
                    key.identity(), new KeyMemory.Key(in.id(), in.instant(), key.content(), JournalCodec.kind(in))));
        }
        return entries;
    }
}
