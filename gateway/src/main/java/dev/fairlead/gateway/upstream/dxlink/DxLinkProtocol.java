package dev.fairlead.gateway.upstream.dxlink;

import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.upstream.FeedEnd;
import dev.fairlead.gateway.upstream.FeedProtocol;
import dev.fairlead.gateway.upstream.MarketQuote;
import dev.fairlead.gateway.upstream.QuoteFeed;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A client's side of one session: the handshake step by step, each with its deadline, then subscriptions and quotes,
 * and a word every so often so that neither side takes the other for gone. Plain state on injected time: it is told
 * what was received, and says what to send.
 */
final class DxLinkProtocol implements FeedProtocol {
    static final Duration STEP_TIMEOUT = Duration.ofSeconds(10);
    static final Duration KEEPALIVE = Duration.ofSeconds(30);
    static final Duration LONGEST_SILENCE = Duration.ofSeconds(60);

    /** A server may tell its fields only with the first data, which only a subscription brings. */
    static final Duration CONFIG_GRACE = Duration.ofSeconds(1);

    private static final Set<String> FATAL = Set.of("UNSUPPORTED_PROTOCOL", "TIMEOUT");

    private enum State {
        CONNECTING("the connection"),
        SETTING_UP("SETUP"),
        AUTH_STATE_DUE("AUTH_STATE"),
        AUTHORIZING("AUTH"),
        OPENING("CHANNEL_REQUEST"),
        CONFIGURING("FEED_SETUP"),
        SUBSCRIBED(""),
        ENDED("");

        private final String awaited;

        State(String awaited) {
            this.awaited = awaited;
        }
    }

    private final TimeSource time;
    private final Secret token;
    private final Consumer<byte[]> wire;
    private final QuoteFeed.Listener listener;
    private final DxLinkDecoder decoder = new DxLinkDecoder();
    private final FeedSymbols names;
    private final Set<String> symbols;
    private State state = State.CONNECTING;
    private Duration keepalive = KEEPALIVE;
    private long stepSince;
    private long heardAt;
    private long saidAt;
    private boolean readAny;

    /**
     * For a connection that is being made.
     *
     * @param symbols to subscribe first
     * @param feedNames what the feed calls a symbol, where that is known
     * @param wire takes what is to be sent, a text message each
     */
    DxLinkProtocol(
            TimeSource time,
            Secret token,
            Collection<String> symbols,
            Function<String, Optional<String>> feedNames,
            Consumer<byte[]> wire,
            QuoteFeed.Listener listener) {
        this.time = time;
        this.token = token;
        this.symbols = new LinkedHashSet<>(symbols);
        this.names = new FeedSymbols(feedNames);
        this.wire = wire;
        this.listener = listener;
        this.stepSince = time.nanos();
    }

    @Override
    public void opened() {
        heardAt = time.nanos();
        step(State.SETTING_UP, DxLinkFrames.setup());
    }

    @Override
    public void closed(String why) {
        end(FeedEnd.lost(why));
    }

    boolean isEnded() {
        return state == State.ENDED;
    }

    @Override
    public void subscribe(Collection<String> added) {
        symbols.addAll(added);
        if (state == State.SUBSCRIBED) {
            send(DxLinkFrames.add(names.learn(added)));
        }
    }

    @Override
    public void unsubscribe(Collection<String> removed) {
        removed.forEach(symbols::remove);
        if (state == State.SUBSCRIBED) {
            send(DxLinkFrames.remove(names.forget(removed)));
        }
    }

    @Override
    public void received(byte[] message) {
        if (state == State.ENDED) {
            return;
        }
        heardAt = time.nanos();
        DxLinkFrame frame;
        try {
            frame = decoder.read(message);
        } catch (IOException e) {
            end(FeedEnd.lost("the feed sent something that is no frame"));
            return;
        }
        // No pattern switch in Java 17.
        if (frame instanceof DxLinkFrame.FeedData data) {
            data(data);
        } else if (frame instanceof DxLinkFrame.Setup setup) {
            setup(setup);
        } else if (frame instanceof DxLinkFrame.AuthState auth) {
            authState(auth);
        } else if (frame instanceof DxLinkFrame.ChannelOpened opened) {
            channelOpened(opened);
        } else if (frame instanceof DxLinkFrame.FeedConfig config) {
            configured(config);
        } else if (frame instanceof DxLinkFrame.ChannelClosed closed) {
            if (closed.channel() == DxLinkFrames.CHANNEL) {
                end(FeedEnd.lost("the feed closed the channel"));
            }
        } else if (frame instanceof DxLinkFrame.Failure failure) {
            failed(failure);
        }
    }

    @Override
    public void tick() {
        if (state == State.ENDED) {
            return;
        }
        long now = time.nanos();
        if (state == State.CONFIGURING && now - stepSince >= CONFIG_GRACE.toNanos()) {
            subscribed();
        } else if (state != State.SUBSCRIBED && now - stepSince >= STEP_TIMEOUT.toNanos()) {
            end(FeedEnd.lost("no answer to " + state.awaited + " within " + STEP_TIMEOUT.toSeconds() + " s"));
        } else if (state != State.CONNECTING && now - heardAt >= LONGEST_SILENCE.toNanos()) {
            end(FeedEnd.lost("the feed was silent for " + LONGEST_SILENCE.toSeconds() + " s"));
        }
        if (state != State.CONNECTING && state != State.ENDED && now - saidAt >= keepalive.toNanos()) {
            send(List.of(DxLinkFrames.keepalive()));
        }
    }

    private void setup(DxLinkFrame.Setup setup) {
        if (expected(State.SETTING_UP, "SETUP")) {
            setup.keepaliveSeconds().ifPresent(seconds -> {
                Duration half = Duration.ofSeconds(Math.max(1, seconds / 2));
                keepalive = half.compareTo(KEEPALIVE) < 0 ? half : KEEPALIVE;
            });
            become(State.AUTH_STATE_DUE);
        }
    }

    private void authState(DxLinkFrame.AuthState auth) {
        if (auth.authorized()) {
            if (state == State.AUTH_STATE_DUE || state == State.AUTHORIZING) { // some servers want no token
                step(State.OPENING, DxLinkFrames.channelRequest());
            }
        } else if (state == State.AUTHORIZING) {
            end(FeedEnd.refused("the feed refuses the quote token"));
        } else if (state == State.AUTH_STATE_DUE) {
            step(State.AUTHORIZING, DxLinkFrames.auth(token));
        } else if (state == State.SETTING_UP) {
            expected(State.AUTH_STATE_DUE, "AUTH_STATE");
        } else {
            end(FeedEnd.refused("the feed took the authorization back"));
        }
    }

    private void channelOpened(DxLinkFrame.ChannelOpened opened) {
        if (opened.channel() == DxLinkFrames.CHANNEL && expected(State.OPENING, "CHANNEL_OPENED")) {
            step(State.CONFIGURING, DxLinkFrames.feedSetup());
        }
    }

    private void configured(DxLinkFrame.FeedConfig config) {
        if (state == State.CONFIGURING) {
            subscribed();
        } else if (state == State.SUBSCRIBED && config.changed() && readAny) {
            // What was read under the fields assumed until now may be wrong: everything once more.
            readAny = false;
            send(DxLinkFrames.reset(names.relearn(symbols)));
        }
    }

    private void subscribed() {
        become(State.SUBSCRIBED);
        send(DxLinkFrames.reset(names.relearn(symbols)));
        listener.ready();
    }

    private void data(DxLinkFrame.FeedData data) {
        if (state != State.SUBSCRIBED) {
            return;
        }
        readAny = true;
        if (!data.quotes().isEmpty()) {
            listener.quotes(names.renamesNothing() ? data.quotes() : renamed(data.quotes()));
        }
    }

    private List<MarketQuote> renamed(List<MarketQuote> quotes) {
        List<MarketQuote> asked = new ArrayList<>(quotes.size());
        for (MarketQuote quote : quotes) {
            for (String symbol : names.asked(quote.symbol())) {
                asked.add(new MarketQuote(symbol, quote.bid(), quote.ask(), quote.bidSize(), quote.askSize()));
            }
        }
        return asked;
    }

    /** An error is a remark, unless it is about the connection and one that ends it. */
    private void failed(DxLinkFrame.Failure failure) {
        if (failure.channel() == 0 && failure.error().equals("UNAUTHORIZED")) {
            end(FeedEnd.refused("the feed says UNAUTHORIZED"));
        } else if (failure.channel() == 0 && FATAL.contains(failure.error())) {
            end(FeedEnd.lost("the feed reports the error " + failure.error()));
        } else {
            String said = failure.error() + (failure.message().isEmpty() ? "" : " (" + failure.message() + ")");
            Set<String> about = names.mentioned(failure.message());
            about.forEach(symbol -> listener.unknown(symbol, "the feed says " + said));
            if (about.isEmpty()) {
                listener.remarked("the feed reports the error " + said + "; it goes on");
            }
        }
    }

    /** Whether it is the turn of a frame; where not, the server is not one that we understand. */
    private boolean expected(State now, String what) {
        if (state == now) {
            return true;
        }
        end(FeedEnd.lost("the feed sent " + what + " out of turn"));
        return false;
    }

    private void step(State next, byte[] frame) {
        become(next);
        send(List.of(frame));
    }

    private void become(State next) {
        state = next;
        stepSince = time.nanos();
    }

    private void send(List<byte[]> frames) {
        frames.forEach(wire);
        saidAt = time.nanos();
    }

    private void end(FeedEnd how) {
        if (state != State.ENDED) {
            state = State.ENDED;
            listener.ended(how);
        }
    }
}
