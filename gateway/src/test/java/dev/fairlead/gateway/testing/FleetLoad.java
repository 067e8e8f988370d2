package dev.fairlead.gateway.testing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Agents that connect to whichever node there is, send each other messages and acknowledge them, and an operator that
 * sends more to any node; what they were told is in a {@link FleetHistory}. Each tries again, with the same key, until
 * it is answered.
 */
public final class FleetLoad implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final String OPERATOR = "operator";

    /** What says that it may be tried again. */
    private static final Set<String> LATER = Set.of(
            "storage_unavailable",
            "timeout",
            "outcome_unknown",
            "shutting_down",
            "connection_lost",
            "too_many_requests",
            "rate_limited");

    /** One of so many acknowledgements is not sent, and is tried over the next connection, where it is too late. */
    private static final int FORGOTTEN = 10;

    /** Agents leave so often by themselves, on average, after so many frames. */
    private static final int FRAMES_A_CONNECTION = 400;

    /** Looks for a frame, of {@link WsClient#poll}, without one: then what is not answered is asked again. */
    private static final int MOST_SILENT = 25;

    private final ServedFleet fleet;
    private final FleetHistory history;
    private final int each;
    private final SplittableRandom seeds;
    private final List<Agent> agents = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger busy = new AtomicInteger();
    private final AtomicInteger refusedStale = new AtomicInteger();
    private final AtomicLong connections = new AtomicLong();
    private final List<String> refused = new CopyOnWriteArrayList<>();
    private volatile boolean over;

    /** @param each so many messages from each sender: every agent, and for every agent the operator */
    public FleetLoad(ServedFleet fleet, FleetHistory history, int agents, int each, long seed) {
        this.fleet = fleet;
        this.history = history;
        this.each = each;
        this.seeds = new SplittableRandom(seed);
        for (int i = 0; i < agents; i++) {
            this.agents.add(new Agent("a" + i, fleet.node(i % fleet.nodes().size())));
        }
    }

    /** All messages that are sent in the end. */
    public int messages() {
        return 2 * each * agents.size();
    }

    public FleetLoad start() {
        for (Agent agent : agents) {
            run(agent.name, agent);
            SplittableRandom random = seeds.split();
            run("operator-" + agent.name, () -> send(agent.name, random));
        }
        return this;
    }

    private void run(String name, Runnable work) {
        Thread thread = new Thread(work, "load-" + name);
        thread.setDaemon(true);
        threads.add(thread);
        busy.incrementAndGet();
        thread.start();
    }

    /** Whether all is sent and accepted. */
    public boolean isSent() {
        return busy.get() == 0;
    }

    /** Acknowledgements that came too late, and were refused. */
    public int refusedStale() {
        return refusedStale.get();
    }

    /** What was refused for good, which nothing that is sent here should be. */
    public List<String> refused() {
        return List.copyOf(refused);
    }

    @Override
    public void close() {
        over = true;
        for (Thread thread : threads) {
            try {
                thread.join(PATIENCE.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        agents.forEach(Agent::leave);
    }

    private ServedGateway any(SplittableRandom random) {
        return fleet.node(random.nextInt(fleet.nodes().size()));
    }

    private static String message(String to, long number) {
        return "{\"to\":\"" + to + "\",\"type\":\"count\",\"payload\":{\"n\":" + number + "},\"idempotency_key\":\""
                + to + "-" + number + "\"}";
    }

    // ---- the operator

    private void send(String to, SplittableRandom random) {
        for (long number = 1; number <= each && !over; number++) {
            while (!over && !isAccepted(to, number, any(random))) {
                pause(20 + random.nextInt(30));
            }
        }
        busy.decrementAndGet();
    }

    private boolean isAccepted(String to, long number, ServedGateway node) {
        try {
            HttpResponse<String> answer = HTTP.send(
                    HttpRequest.newBuilder(node.http("/api/messages"))
                            .header("Authorization", "Bearer " + RunningGateway.PASSWORD)
                            .header("Content-Type", "application/json")
                            .timeout(PATIENCE)
                            .POST(HttpRequest.BodyPublishers.ofString(message(to, number)))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            JsonNode told = FrameCodec.tree(answer.body());
            if (told.has("message_id")) { // 202, or 200 where it was accepted before
                history.accepted(
                        OPERATOR + ">" + to, number, told.get("message_id").asText());
                return true;
            }
            String code = told.at("/error/code").asText();
            if (!LATER.contains(code)) {
                refused.add(answer.body());
            }
        } catch (IOException gone) {
            // The node was killed, or does not run: it may have accepted it.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- agents

    private final class Agent implements Runnable {
        private final String name;
        private final SplittableRandom random;
        private final String token;
        private final Map<String, Long> numbers = new HashMap<>();
        /** Attempts that were left alone over the connection before. */
        private final Map<String, Integer> forgotten = new HashMap<>();
        /** Acknowledgements without an answer yet, to be sent again: it may have been lost. */
        private final Map<String, Integer> unanswered = new HashMap<>();

        private WsClient socket;
        private long connection;
        private int sent;
        private int silent;
        private String to = "";

        Agent(String name, ServedGateway first) {
            this.name = name;
            this.random = seeds.split();
            WsClient registering =
                    WsClient.connect(first.ws("/ws/agent"), "Authorization", "Bearer " + first.registrationToken(name));
            this.token = registering
                    .next("agent.register.ack")
                    .get("data")
                    .get("token")
                    .asText();
            registering.close();
        }

        @Override
        public void run() {
            while (!over) {
                try {
                    connect();
                    converse();
                } catch (CompletionException | AssertionError gone) {
                    pause(50 + random.nextInt(100));
                }
            }
        }

        void leave() {
            if (socket != null) {
                socket.abort();
            }
        }

        private void connect() {
            leave();
            connection = connections.incrementAndGet();
            socket = WsClient.connect(any(random).ws("/ws/agent"), "Authorization", "Bearer " + token);
            socket.next("token.state");
        }

        private void converse() {
            Map<String, Integer> late = new HashMap<>(forgotten);
            forgotten.clear();
            late.forEach((id, attempt) -> acknowledge("inbox.late", id, attempt));
            askAgain();
            while (!over && (socket.isOpen() || socket.hasMessage())) {
                if (to.isEmpty() && sent < each) {
                    to = agents.get(random.nextInt(agents.size())).name;
                    numbers.merge(to, 1L, Long::sum);
                    send();
                }
                Optional<JsonNode> frame = socket.poll();
                frame.ifPresent(this::hear);
                silent = frame.isPresent() ? 0 : silent + 1;
                if (silent == MOST_SILENT) {
                    silent = 0;
                    askAgain();
                }
                if (random.nextInt(FRAMES_A_CONNECTION) == 0) {
                    return;
                }
            }
        }

        /** What was not answered: whether it was done is not known. */
        private void askAgain() {
            Map.copyOf(unanswered).forEach((id, attempt) -> acknowledge("inbox.settled", id, attempt));
            if (!to.isEmpty()) {
                send();
            }
        }

        private String asked() {
            return "inbox.sent." + to + "." + numbers.get(to);
        }

        private void send() {
            socket.send("{\"subject\":\"message.send\",\"reply\":\"" + asked() + "\",\"data\":"
                    + message(to, numbers.get(to)) + "}");
        }

        private void acknowledge(String reply, String id, int attempt) {
            history.acknowledging(id, attempt, connection);
            socket.send("{\"subject\":\"message.ack\",\"reply\":\"" + reply + "." + id + "." + attempt
                    + "\",\"data\":{\"message_id\":\"" + id + "\",\"attempt\":" + attempt + "}}");
        }

        private void hear(JsonNode frame) {
            String subject = frame.path("subject").asText();
            JsonNode data = frame.path("data");
            if (subject.equals("message.deliver")) {
                deliver(data);
            } else if (subject.startsWith("inbox.sent.")) {
                if (!to.isEmpty() && subject.equals(asked())) { // else it was asked twice
                    accepted(data);
                }
            } else if (subject.startsWith("inbox.")) {
                settled(subject.split("\\.", -1), data);
            }
        }

        private void deliver(JsonNode data) {
            String id = data.get("message_id").asText();
            int attempt = data.get("attempt").asInt();
            String from = data.get("from").asText();
            history.told(id, connection + ": came with attempt " + attempt);
            history.delivered(
                    (from.startsWith("a") ? from : OPERATOR) + ">" + name,
                    data.get("payload").get("n").asLong(),
                    id,
                    attempt,
                    connection);
            if (attempt == 1 && random.nextInt(FORGOTTEN) == 0) {
                forgotten.put(id, attempt);
            } else {
                unanswered.put(id, attempt);
                acknowledge("inbox.settled", id, attempt);
            }
        }

        private void accepted(JsonNode data) {
            if (data.has("message_id")) {
                history.accepted(
                        name + ">" + to, numbers.get(to), data.get("message_id").asText());
                to = "";
                if (++sent == each) {
                    busy.decrementAndGet();
                }
                return;
            }
            if (!LATER.contains(data.at("/error/code").asText())) {
                refused.add(name + ": " + data);
            }
            pause(20 + random.nextInt(30));
            send();
        }

        private void settled(String[] reply, JsonNode data) {
            String id = reply[2];
            int attempt = Integer.parseInt(reply[3]);
            history.told(id, connection + ": " + reply[1] + " " + attempt + " answered " + data);
            if (!LATER.contains(data.at("/error/code").asText())) {
                unanswered.remove(id, attempt);
            }
            if (data.path("status").asText().equals("acknowledged")) {
                history.taken(id, attempt);
            } else if (LATER.contains(data.at("/error/code").asText())) {
                if (reply[1].equals("settled")) {
                    pause(20);
                    acknowledge("inbox.settled", id, attempt);
                }
            } else if (data.at("/error/code").asText().equals("stale_lease")) {
                refusedStale.incrementAndGet();
            } else {
                refused.add(name + ": " + data);
            }
        }
    }
}
