package dev.fairlead.gateway.upstream.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.FrameCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One client of the feed, held to what a server asks for: {@code SETUP}, a good token, then channels. Whether each step
 * waits for the answer to the one before is the client's affair, unless {@link Fault#STRICT_AUTH} is on. On the
 * simulator's event loop only.
 */
final class DxLinkSession {
    /** Answers take this long, so that a client that does not wait for them is caught. */
    private static final Duration STEP = Duration.ofMillis(15);

    private static final Duration KEEPALIVE = Duration.ofSeconds(30);
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(60);
    private static final Duration WATCH = Duration.ofSeconds(1);
    private static final int MOST_FRAME_BYTES = 8 * 1024;

    private enum State {
        NEW,
        SETTING_UP,
        UNAUTHORIZED,
        AUTHORIZING,
        AUTHORIZED,
        ENDED
    }

    private final SimulatedSocket socket;
    private final IssuedTokens quoteTokens;
    private final QuotedNames quotes;
    private final Faults faults;
    private final Counters counters;
    private final Scheduler scheduler;
    private final TimeSource time;
    private final Map<Integer, DxLinkChannel> channels = new LinkedHashMap<>();
    private final List<Scheduler.Cancellable> timers = new ArrayList<>();
    private State state = State.NEW;
    private Duration silence = LONGEST_SILENCE;
    private long heardAt;

    DxLinkSession(
            SimulatedSocket socket,
            IssuedTokens quoteTokens,
            QuotedNames quotes,
            Faults faults,
            Counters counters,
            Scheduler scheduler,
            TimeSource time) {
        this.socket = socket;
        this.quoteTokens = quoteTokens;
        this.quotes = quotes;
        this.faults = faults;
        this.counters = counters;
        this.scheduler = scheduler;
        this.time = time;
        this.heardAt = time.nanos();
        timers.add(scheduler.every(KEEPALIVE, () -> socket.send(frame("KEEPALIVE", 0))));
        timers.add(scheduler.every(WATCH, this::watch));
    }

    void received(String text) {
        heardAt = time.nanos();
        if (faults.isOn(Fault.SMALL_FRAMES) && text.getBytes(StandardCharsets.UTF_8).length > MOST_FRAME_BYTES) {
            socket.tooLong("huge_frame");
            return;
        }
        socket.read(text).ifPresent(frame -> {
            counters.count("dxlink." + frame.path("type").asText());
            handle(frame.path("type").asText(), frame.path("channel").asInt(-1), frame);
        });
    }

    /** Sends what moved. */
    void tick() {
        if (faults.happens(Fault.DROP_FEED)) {
            socket.cut();
            return;
        }
        if (faults.happens(Fault.CLOSE_FEED)) {
            socket.goAway();
            return;
        }
        for (DxLinkChannel channel : channels.values()) {
            List<ObjectNode> news = channel.news(quotes);
            news.forEach(socket::send);
            if (!news.isEmpty() && channel.owesConfig()) {
                socket.send(channel.config());
            }
        }
    }

    void ended() {
        state = State.ENDED;
        timers.forEach(Scheduler.Cancellable::cancel);
        channels.clear();
    }

    int subscriptions() {
        return channels.values().stream().mapToInt(DxLinkChannel::subscriptions).sum();
    }

    private void handle(String type, int channel, JsonNode frame) {
        switch (type) {
            case "KEEPALIVE" -> {} // any frame has set the clock back
            case "SETUP" -> setUp(frame);
            case "AUTH" -> authorize(frame);
            case "CHANNEL_REQUEST" -> openChannel(channel, frame);
            case "FEED_SETUP", "FEED_SUBSCRIPTION", "CHANNEL_CANCEL" -> onChannel(type, channel, frame);
            default -> fail("unknown_type", "INVALID_MESSAGE", "No such type: " + type);
        }
    }

    private void setUp(JsonNode frame) {
        if (state != State.NEW || !frame.path("version").asText().startsWith("0.1")) {
            fail("setup", "UNSUPPORTED_PROTOCOL", "SETUP comes first, once, with version 0.1");
            return;
        }
        state = State.SETTING_UP;
        long asked = frame.path("keepaliveTimeout").asLong(LONGEST_SILENCE.toSeconds());
        silence = Duration.ofSeconds(Math.max(1, Math.min(asked, LONGEST_SILENCE.toSeconds())));
        socket.send(frame("SETUP", 0)
                .put("keepaliveTimeout", 60)
                .put("acceptKeepaliveTimeout", silence.toSeconds())
                .put("version", "1.0-simulated"));
        later(() -> {
            if (state == State.SETTING_UP) {
                state = State.UNAUTHORIZED;
            }
            socket.send(frame("AUTH_STATE", 0).put("state", "UNAUTHORIZED"));
        });
    }

    private void authorize(JsonNode frame) {
        boolean early = state == State.SETTING_UP && !faults.isOn(Fault.STRICT_AUTH);
        if (!faults.isOn(Fault.STRICT_AUTH) && (state == State.AUTHORIZING || state == State.AUTHORIZED)) {
            return; // it answers UNAUTHORIZED after it has authorized itself unasked
        }
        if (state != State.UNAUTHORIZED && !early) {
            fail("early_auth", "BAD_ACTION", "AUTH comes after AUTH_STATE UNAUTHORIZED, once");
            return;
        }
        state = State.AUTHORIZING;
        boolean good = quoteTokens.isValid(frame.path("token").asText()) && !faults.happens(Fault.EXPIRED_QUOTE_TOKEN);
        later(() -> {
            if (good) {
                state = State.AUTHORIZED;
                socket.send(frame("AUTH_STATE", 0).put("state", "AUTHORIZED").put("userId", "simulated"));
            } else {
                counters.count("dxlink_refused");
                state = State.UNAUTHORIZED;
                socket.send(frame("AUTH_STATE", 0).put("state", "UNAUTHORIZED"));
            }
        });
    }

    private void openChannel(int number, JsonNode frame) {
        if (state != State.AUTHORIZED) {
            fail("early_channel", "UNAUTHORIZED", "A channel is opened after AUTHORIZED");
        } else if (number <= 0 || number % 2 == 0 || channels.containsKey(number)) {
            fail("bad_channel", "BAD_ACTION", "Clients open odd channels, each once");
        } else if (!frame.path("service").asText().equals("FEED")) {
            fail("bad_service", "BAD_ACTION", "There is only the service FEED");
        } else {
            later(() -> {
                channels.put(number, new DxLinkChannel(number, faults));
                ObjectNode opened = frame("CHANNEL_OPENED", number).put("service", "FEED");
                opened.putObject("parameters").put("contract", "AUTO").put("subFormat", "LIST");
                socket.send(opened);
            });
        }
    }

    /** Of names that nobody knows there is no end. */
    private void countKnown(String symbol) {
        if (quotes.of(symbol).isPresent()) {
            counters.count("dxlink.add." + symbol);
        }
    }

    private void onChannel(String type, int number, JsonNode frame) {
        DxLinkChannel channel = channels.get(number);
        if (channel == null) {
            fail("closed_channel", "BAD_ACTION", "Channel " + number + " is not open");
        } else if (type.equals("CHANNEL_CANCEL")) {
            channels.remove(number);
            socket.send(frame("CHANNEL_CLOSED", number));
        } else if (type.equals("FEED_SETUP")) {
            channel.setUp(frame);
            if (!faults.isOn(Fault.LATE_FEED_CONFIG)) {
                socket.send(channel.config());
            }
        } else {
            channel.subscribe(frame);
            for (JsonNode added : frame.path("add")) {
                countKnown(added.path("symbol").asText());
            }
            if (faults.isOn(Fault.CHANNEL_ERROR)) {
                channel.unknown(frame, quotes).forEach(symbol -> socket.send(channel.error(symbol)));
            }
            tick();
        }
    }

    private void watch() {
        if (time.nanos() - heardAt > silence.toNanos()) {
            fail("silence", "TIMEOUT", "Nothing heard for " + silence.toSeconds() + " s");
        }
    }

    private void later(Runnable step) {
        timers.add(scheduler.after(STEP, () -> {
            if (state != State.ENDED) {
                step.run();
            }
        }));
    }

    private void fail(String violation, String error, String message) {
        socket.send(frame("ERROR", 0).put("error", error).put("message", message));
        socket.violated(violation, error);
    }

    private static ObjectNode frame(String type, int channel) {
        return FrameCodec.object().put("type", type).put("channel", channel);
    }
}
