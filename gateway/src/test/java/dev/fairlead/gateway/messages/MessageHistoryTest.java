package dev.fairlead.gateway.messages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.MessageEvent;
import dev.fairlead.protocol.RawJson;
import dev.fairlead.protocol.TokenState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random lives of the message bus, each replayable from its seed, held against a model of plain maps: who holds which
 * lease, what was accepted, in which order.
 */
class MessageHistoryTest {
    private static final int STEPS = 1_500;
    private static final List<String> AGENTS = List.of("a", "b", "c");

    static List<Long> seeds() {
        Long replay = Long.getLong("seed");
        if (replay != null) {
            return List.of(replay);
        }
        List<Long> seeds = new ArrayList<>();
        for (long seed = 1; seed <= 40; seed++) {
            seeds.add(seed);
        }
        return seeds;
    }

    @ParameterizedTest(name = "-Dseed={0}")
    @MethodSource("seeds")
    void a_random_history_agrees_with_the_model(long seed) {
        new Life(seed).live();
    }

    private static final class Life {
        private final SplittableRandom random;
        private final BusUnderTest test;
        private final Map<String, Long> sessions = new HashMap<>();
        private final Map<String, Batch.Lease> leases = new HashMap<>(); // by message id
        private final Map<String, String> idOfKey = new HashMap<>();
        private final Set<String> accepted = new HashSet<>();
        private final Map<String, Integer> attempts = new HashMap<>();
        private final Map<String, Long> lastFirst = new HashMap<>(); // by pair, the number last delivered first
        private final List<Batch.Lease> everLeased = new ArrayList<>();
        private int eventsSeen;
        private int deliveriesSeen;
        private long epoch;

        Life(long seed) {
            random = new SplittableRandom(seed);
            test = new BusUnderTest(BusUnderTest.RULES, seed);
            AGENTS.forEach(test.bus::know);
        }

        void live() {
            for (int step = 0; step < STEPS; step++) {
                act(random.nextInt(100));
                test.commit();
                observe();
            }
            drain();
            for (String id : accepted) {
                assertThat(test.status(id)).isIn((Object[]) new MessageEvent.Kind[] {
                    MessageEvent.Kind.ACKNOWLEDGED, MessageEvent.Kind.DEAD_LETTERED, MessageEvent.Kind.EXPIRED
                });
                assertThat(test.history(id)).endsWith(test.status(id));
            }
        }

        private void act(int dice) {
            if (dice < 35) {
                send();
            } else if (dice < 60) {
                settle(current(), true);
            } else if (dice < 70) {
                settle(Optional.ofNullable(any(everLeased)), random.nextBoolean());
            } else if (dice < 78) {
                String agent = any(AGENTS);
                sessions.put(agent, ++epoch);
                test.connect(agent, epoch);
            } else if (dice < 83) {
                String agent = any(AGENTS);
                Long session = sessions.remove(agent);
                if (session != null) {
                    test.bus.disconnected(agent, session);
                }
            } else if (dice < 88) {
                test.bus.token(random.nextBoolean() ? TokenState.VALID : TokenState.REFRESHING);
            } else if (dice < 96) {
                test.advance(Duration.ofMillis(random.nextInt(20_000)));
            } else if (dice < 98) {
                crash();
            } else {
                failedCommit();
            }
        }

        private void send() {
            String from = any(AGENTS);
            String to = any(AGENTS);
            Optional<String> key = random.nextInt(3) == 0 ? Optional.of("k" + random.nextInt(30)) : Optional.empty();
            Optional<String> requires = random.nextInt(10) == 0 ? Optional.of("token.valid") : Optional.empty();
            Supplier<MessageCommands.Sent> answer = test.bus.send(new MessageCommands.Send(
                    from, to, "t", RawJson.ofText("{}"), Optional.empty(), key, Optional.empty(), requires));
            test.commit();
            MessageCommands.Sent sent = answer.get();
            if (key.isPresent()) {
                String known = idOfKey.putIfAbsent(from + "/" + to + "/" + key.get(), sent.messageId());
                assertThat(sent.known()).isEqualTo(known != null);
                assertThat(sent.messageId()).isEqualTo(known == null ? sent.messageId() : known);
            }
            accepted.add(sent.messageId());
        }

        /** An acknowledgement or failure counts exactly where the model says that lease is held. */
        private void settle(Optional<Batch.Lease> chosen, boolean acknowledge) {
            if (chosen.isEmpty()) {
                return;
            }
            Batch.Lease lease = chosen.get();
            boolean held = lease.equals(leases.get(lease.message().accepted.id().toString()));
            boolean taken = true;
            try {
                test.settle(
                        acknowledge ? MessageCommands.LeaseAction.ACKNOWLEDGE : MessageCommands.LeaseAction.FAIL,
                        lease);
            } catch (FairleadException stale) {
                taken = false;
            }
            assertThat(taken).isEqualTo(held);
        }

        private void crash() {
            sessions.clear();
            leases.clear();
            test.crash(AGENTS.toArray(String[]::new));
        }

        /** What is asked meanwhile is not known to be kept; the state is read again. */
        private void failedCommit() {
            test.bus.send(BusUnderTest.message(any(AGENTS), any(AGENTS)));
            Batch batch = test.bus.take();
            if (random.nextBoolean()) {
                test.write(batch); // kept, and nobody was told
                batch.added().forEach(one -> accepted.add(one.id().toString()));
                test.events.addAll(batch.notes().stream().map(Batch.Note::event).toList());
            }
            test.bus.clear();
            leases.clear();
            test.restore();
        }

        private void observe() {
            for (; eventsSeen < test.events.size(); eventsSeen++) {
                MessageEvent event = test.events.get(eventsSeen);
                if (event.event() != MessageEvent.Kind.ACCEPTED && event.event() != MessageEvent.Kind.DELIVERED) {
                    leases.remove(event.messageId());
                }
            }
            for (; deliveriesSeen < test.deliveries.size(); deliveriesSeen++) {
                Batch.Lease lease = test.deliveries.get(deliveriesSeen);
                String id = lease.message().accepted.id().toString();
                leases.put(id, lease);
                everLeased.add(lease);
                assertThat(lease.payload()).contains(RawJson.ofText("{}"));
                assertThat(sessions.get(lease.message().accepted.to()))
                        .as("only a connected agent is sent to")
                        .isEqualTo(lease.session().epoch());
                Integer before = attempts.put(id, lease.attempt());
                if (before == null) {
                    String pair = lease.message().accepted.from() + ">"
                            + lease.message().accepted.to();
                    Long last = lastFirst.put(pair, lease.message().accepted.sequence());
                    assertThat(lease.message().accepted.sequence()).isGreaterThan(last == null ? 0 : last);
                } else {
                    assertThat(lease.attempt()).isGreaterThan(before);
                }
            }
            leases.values().removeIf(lease -> !Long.valueOf(lease.session().epoch())
                    .equals(sessions.get(lease.message().accepted.to())));
            assertThat(leases.size()).isLessThanOrEqualTo(AGENTS.size() * BusUnderTest.RULES.maxLeases());
        }

        private void drain() {
            test.bus.token(TokenState.VALID);
            for (String agent : AGENTS) {
                sessions.put(agent, ++epoch);
                test.connect(agent, epoch);
            }
            for (int round = 0; round < 10_000 && test.bus.open() > 0; round++) {
                test.commit();
                observe();
                current()
                        .ifPresentOrElse(
                                lease -> settle(Optional.of(lease), true), () -> test.advance(Duration.ofSeconds(1)));
                observe();
            }
            assertThat(test.bus.open()).isZero();
        }

        private Optional<Batch.Lease> current() {
            return leases.values().stream()
                    .skip(leases.isEmpty() ? 0 : random.nextInt(leases.size()))
                    .findFirst();
        }

        private <T> T any(List<T> all) {
            return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
        }
    }
}
