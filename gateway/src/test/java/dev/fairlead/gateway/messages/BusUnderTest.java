package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.time.ManualTime;
import dev.fairlead.protocol.MessageEvent;
import dev.fairlead.protocol.RawJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;

/** A message bus over a store made of maps: commits when told to, and forgets everything else when it crashes. */
final class BusUnderTest {
    static final MessageRules RULES = new MessageRules(
            Duration.ofSeconds(30),
            5,
            Duration.ofSeconds(1),
            Duration.ofSeconds(60),
            Duration.ofHours(1),
            64,
            512 * 1024,
            10_000,
            64L << 20);

    final ManualTime time = new ManualTime();
    final TreeMap<Long, StoredMessage> kept = new TreeMap<>();
    final Map<Long, RawJson> payloads = new HashMap<>();
    final List<MessageEvent> events = new ArrayList<>();
    final List<Batch.Lease> deliveries = new ArrayList<>();
    private final MessageRules rules;
    private final SplittableRandom random;
    MessageBus bus;
    private long lastNumber;

    BusUnderTest() {
        this(RULES, 1);
    }

    BusUnderTest(MessageRules rules, long seed) {
        this.rules = rules;
        this.random = new SplittableRandom(seed);
        this.bus = new MessageBus(time, rules, random);
    }

    void connect(String agent, long epoch) {
        bus.connected(agent, new Batch.Session("edge", epoch, epoch));
    }

    static MessageCommands.Send message(String from, String to) {
        return new MessageCommands.Send(
                from,
                to,
                "test",
                RawJson.ofText("{}"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    static MessageCommands.Send keyed(String from, String to, String key) {
        return keyed(from, to, key, "{}");
    }

    static MessageCommands.Send keyed(String from, String to, String key, String payload) {
        return new MessageCommands.Send(
                from,
                to,
                "test",
                RawJson.ofText(payload),
                Optional.empty(),
                Optional.of(key),
                Optional.empty(),
                Optional.empty());
    }

    static MessageCommands.Send needingToken(String from, String to) {
        return new MessageCommands.Send(
                from,
                to,
                "test",
                RawJson.ofText("{}"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("token.valid"));
    }

    /** Sends and commits; gives the id. */
    String send(MessageCommands.Send send) {
        Supplier<MessageCommands.Sent> answer = bus.send(send);
        commit();
        return answer.get().messageId();
    }

    MessageEvent.Kind acknowledge(Batch.Lease lease) {
        return settle(MessageCommands.LeaseAction.ACKNOWLEDGE, lease);
    }

    MessageEvent.Kind fail(Batch.Lease lease) {
        return settle(MessageCommands.LeaseAction.FAIL, lease);
    }

    MessageEvent.Kind settle(MessageCommands.LeaseAction action, Batch.Lease lease) {
        return settle(action, lease.message().accepted.to(), lease.session().epoch(), lease);
    }

    MessageEvent.Kind settle(MessageCommands.LeaseAction action, String agent, long epoch, Batch.Lease lease) {
        MessageEvent.Kind status = bus.settle(new MessageCommands.Settle(
                action, agent, epoch, lease.message().accepted.id().toString(), lease.attempt(), Optional.of("no")));
        commit();
        return status;
    }

    Batch.Lease lastDelivery() {
        return deliveries.get(deliveries.size() - 1);
    }

    void advance(Duration by) {
        time.advance(by);
        bus.tick();
        commit();
    }

    /** Commits until there is nothing left to. */
    void commit() {
        while (bus.hasWork()) {
            Batch batch = bus.take();
            Batch.Written written = write(batch);
            Batch.Released released = bus.committed(batch, written);
            events.addAll(released.events());
            deliveries.addAll(released.leases());
        }
    }

    /** Keeps a batch as the database does: the journal's entries, one after the other, are all there is. */
    Batch.Written write(Batch batch) {
        Map<Long, Batch.Known> known = new HashMap<>();
        for (StoredMessage added : batch.added()) {
            kept.values().stream()
                    .filter(one -> one.accepted().dedupe().isPresent()
                            && one.accepted()
                                    .dedupe()
                                    .map(IdempotencyKey::identity)
                                    .equals(added.accepted().dedupe().map(IdempotencyKey::identity)))
                    .findFirst()
                    .ifPresent(earlier -> known.put(
                            added.sequence(),
                            new Batch.Known(
                                    earlier.id(),
                                    earlier.status(),
                                    earlier.accepted().dedupe().get().content())));
        }
        for (Batch.Note note : batch.notes()) {
            lastNumber = Math.max(lastNumber, note.number());
            if (!known.containsKey(note.sequence())) {
                keep(note.entry());
            }
        }
        Map<Long, RawJson> read = new HashMap<>();
        batch.payloadsToRead().forEach(number -> read.put(number, payloads.get(number)));
        return new Batch.Written(known, read, List.of());
    }

    private void keep(JournalEntry entry) {
        if (entry instanceof JournalEntry.Whole whole) {
            kept.put(entry.sequence(), whole.record().message());
            payloads.put(entry.sequence(), whole.record().payload());
        } else if (entry instanceof JournalEntry.Change change) {
            kept.computeIfPresent(entry.sequence(), (number, before) -> change.applied(before));
        }
    }

    /** The process ends and another takes up what is kept; the agents known are named, nobody is connected. */
    void crash(String... agents) {
        bus = new MessageBus(time, rules, random);
        for (String agent : agents) {
            bus.know(agent);
        }
        restore();
    }

    void restore() {
        bus.restore(
                kept.values().stream()
                        .filter(message -> message.settledAt().isEmpty())
                        .toList(),
                lastNumber,
                Map.of());
        commit();
    }

    MessageEvent.Kind status(String id) {
        return kept.values().stream()
                .filter(message -> message.id().toString().equals(id))
                .findFirst()
                .orElseThrow()
                .status();
    }

    List<MessageEvent.Kind> history(String id) {
        return events.stream()
                .filter(event -> event.messageId().equals(id))
                .map(MessageEvent::event)
                .toList();
    }
}
