package dev.fairlead.gateway.market;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.streams.StreamDefinition;
import dev.fairlead.gateway.streams.StreamView;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.QuotesFrame;
import dev.fairlead.protocol.Symbols;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The views of {@code /ws/quotes}: one of all that is followed, and one for each set of symbols that somebody asked
 * for, which are followed for as long as it is looked at.
 */
final class QuoteStream implements StreamDefinition<QuoteNews> {
    private static final String SYMBOLS = "symbols";

    /** A list longer than this is named by its hash. */
    private static final int LONGEST_KEY = 200;

    /** Frames that are kept for those who resume: prices of long ago are of no use to anybody. */
    private static final int RING_EVENTS = 100;

    private final MarketFeed feed;

    QuoteStream(MarketFeed feed) {
        this.feed = feed;
    }

    /** What is kept of its frames, where other streams keep so much. */
    static Settings.Streams ring(Settings.Streams bounds) {
        return new Settings.Streams(Math.min(bounds.ringEvents(), RING_EVENTS), bounds.ringBytes(), bounds.maxViews());
    }

    @Override
    public StreamView<QuoteNews> view(Map<String, String> parameters) {
        String list = parameters.get(SYMBOLS);
        return list == null ? new All() : new Some(new TreeSet<>(Symbols.ofList(list)));
    }

    private byte[] snapshot(Set<String> symbols) {
        return FrameCodec.encode(new QuotesFrame.Snapshot(
                feed.newest(symbols), Optional.of(feed.unknown(symbols)).filter(unknown -> !unknown.isEmpty())));
    }

    private final class All implements StreamView<QuoteNews> {
        @Override
        public String key() {
            return "";
        }

        @Override
        public byte[] snapshot() {
            return QuoteStream.this.snapshot(feed.symbols());
        }

        @Override
        public Optional<byte[]> delta(QuoteNews news) {
            return Optional.of(news.frame());
        }
    }

    private final class Some implements StreamView<QuoteNews> {
        private final Set<String> symbols;
        private final String key;

        Some(Set<String> symbols) {
            this.symbols = symbols;
            String list = SYMBOLS + '=' + String.join(",", symbols);
            this.key = list.length() <= LONGEST_KEY ? list : hash(list);
        }

        @Override
        public String key() {
            return key;
        }

        @Override
        public void opened() {
            feed.hold(holder(), symbols, Optional.empty());
        }

        @Override
        public void closed() {
            feed.release(holder());
        }

        @Override
        public byte[] snapshot() {
            return QuoteStream.this.snapshot(symbols);
        }

        @Override
        public Optional<byte[]> delta(QuoteNews news) {
            return symbols.contains(news.symbol()) ? Optional.of(news.frame()) : Optional.empty();
        }

        private String holder() {
            return "view?" + key;
        }
    }

    private static String hash(String list) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(list.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
