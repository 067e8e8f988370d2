package dev.fairlead.gateway.upstream.dxlink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.time.ManualTime;
import dev.fairlead.gateway.upstream.FeedEnd;
import dev.fairlead.gateway.upstream.MarketQuote;
import dev.fairlead.gateway.upstream.OptionSymbols;
import dev.fairlead.gateway.upstream.QuoteFeed;
import dev.fairlead.protocol.FrameCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client's side of DXLink, on moved time and without a socket. */
class DxLinkProtocolTest {
    private static final String SETUP = "{'type':'SETUP','channel':0,'keepaliveTimeout':60,'version':'1.0-x'}";
    private static final String UNAUTHORIZED = "{'type':'AUTH_STATE','channel':0,'state':'UNAUTHORIZED'}";
    private static final String AUTHORIZED = "{'type':'AUTH_STATE','channel':0,'state':'AUTHORIZED','userId':'u'}";
    private static final String OPENED =
            "{'type':'CHANNEL_OPENED','channel':1,'service':'FEED','parameters':{'contract':'AUTO'}}";
    private static final String CONFIG = "{'type':'FEED_CONFIG','channel':1,'dataFormat':'COMPACT',"
            + "'eventFields':{'Quote':['eventType','eventSymbol','bidPrice','askPrice','bidSize','askSize']}}";

    private final ManualTime time = new ManualTime();
    private final List<JsonNode> sent = new ArrayList<>();
    private final List<Integer> sizes = new ArrayList<>();
    private final List<MarketQuote> quotes = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();
    private final Map<String, String> names = new HashMap<>();
    private final List<FeedEnd> ends = new ArrayList<>();
    private int readies;

    private DxLinkProtocol protocol(String... symbols) {
        DxLinkProtocol protocol = new DxLinkProtocol(
                time,
                Secret.of("quote-token"),
                List.of(symbols),
                symbol -> Optional.ofNullable(names.getOrDefault(
                        symbol, OptionSymbols.streamed(symbol).orElse(symbol))),
                frame -> {
                    sent.add(FrameCodec.tree(frame));
                    sizes.add(frame.length);
                },
                new QuoteFeed.Listener() {
                    @Override
                    public void ready() {
                        readies++;
                    }

                    @Override
                    public void quotes(List<MarketQuote> batch) {
                        quotes.addAll(batch);
                    }

                    @Override
                    public void unknown(String symbol, String why) {
                        unknown.add(symbol + ": " + why);
                    }

                    @Override
                    public void remarked(String what) {
                        remarks.add(what);
                    }

                    @Override
                    public void ended(FeedEnd end) {
                        ends.add(end);
                    }
                });
        time.every(Duration.ofMillis(250), protocol::tick);
        return protocol;
    }

    private static void hear(DxLinkProtocol protocol, String... frames) {
        for (String frame : frames) {
            protocol.received(frame.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        }
    }

    private DxLinkProtocol subscribed(String... symbols) {
        DxLinkProtocol protocol = protocol(symbols);
        protocol.opened();
        hear(protocol, SETUP, UNAUTHORIZED, AUTHORIZED, OPENED, CONFIG);
        assertThat(readies).isEqualTo(1);
        return protocol;
    }

    private List<String> sentTypes() {
        return sent.stream().map(frame -> frame.get("type").asText()).toList();
    }

    @Test
    void each_step_waits_for_the_answer_to_the_one_before() {
        DxLinkProtocol protocol = protocol("SPX");
        assertThat(sent).isEmpty();
        protocol.opened();
        assertThat(sentTypes()).containsExactly("SETUP");
        hear(protocol, SETUP);
        assertThat(sentTypes()).as("AUTH only after UNAUTHORIZED").containsExactly("SETUP");
        hear(protocol, UNAUTHORIZED);
        assertThat(sentTypes()).containsExactly("SETUP", "AUTH");
        assertThat(sent.get(1).get("token").asText()).isEqualTo("quote-token");
        hear(protocol, AUTHORIZED);
        assertThat(sentTypes()).endsWith("AUTH", "CHANNEL_REQUEST");
        hear(protocol, OPENED);
        assertThat(sentTypes()).endsWith("CHANNEL_REQUEST", "FEED_SETUP");
        hear(protocol, CONFIG);
        assertThat(sentTypes()).endsWith("FEED_SETUP", "FEED_SUBSCRIPTION");
        assertThat(sent.get(4))
                .isEqualTo(FrameCodec.tree("{\"type\":\"FEED_SUBSCRIPTION\",\"channel\":1,\"reset\":true,"
                        + "\"add\":[{\"type\":\"Quote\",\"symbol\":\"SPX\"}]}"));
        assertThat(readies).isEqualTo(1);
        assertThat(ends).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void a_step_without_an_answer_ends_the_session_after_ten_seconds(int answered) {
        DxLinkProtocol protocol = protocol("SPX");
        if (answered > 0) {
            protocol.opened();
        }
        String[] answers = {SETUP, UNAUTHORIZED, AUTHORIZED};
        for (int i = 0; i < answered - 1; i++) {
            hear(protocol, answers[i]);
        }
        time.advance(Duration.ofMillis(9_900));
        assertThat(ends).isEmpty();
        time.advance(Duration.ofMillis(400));
        assertThat(ends).hasSize(1);
        assertThat(ends.get(0).refused()).isFalse();
        assertThat(ends.get(0).reason()).startsWith("no answer to ").endsWith("within 10 s");
    }

    @Test
    void a_second_unauthorized_is_a_refusal_of_the_token() {
        DxLinkProtocol protocol = protocol("SPX");
        protocol.opened();
        hear(protocol, SETUP, UNAUTHORIZED, UNAUTHORIZED);
        assertThat(ends).containsExactly(FeedEnd.refused("the feed refuses the quote token"));
        assertThat(ends.toString()).doesNotContain("quote-token");
    }

    @Test
    void an_authorization_taken_back_is_a_refusal_of_the_token() {
        DxLinkProtocol protocol = subscribed("SPX");
        hear(protocol, UNAUTHORIZED);
        assertThat(ends).hasSize(1).allMatch(FeedEnd::refused);
    }

    @Test
    void a_configuration_that_comes_late_is_not_waited_for() {
        DxLinkProtocol protocol = protocol("SPX");
        protocol.opened();
        hear(protocol, SETUP, UNAUTHORIZED, AUTHORIZED, OPENED);
        assertThat(sentTypes()).doesNotContain("FEED_SUBSCRIPTION");
        time.advance(Duration.ofSeconds(2));
        assertThat(sentTypes()).endsWith("FEED_SUBSCRIPTION");
        hear(protocol, "{'type':'FEED_DATA','channel':1,'data':['Quote',['Quote','SPX',1.5,2.5,3,4]]}", CONFIG);
        assertThat(quotes).containsExactly(new MarketQuote("SPX", 1.5, 2.5, 3, 4));
        assertThat(sentTypes()).as("nothing was read wrongly").containsOnlyOnce("FEED_SUBSCRIPTION");
    }

    @Test
    void fields_that_turn_out_to_be_others_bring_everything_once_more() {
        DxLinkProtocol protocol = protocol("SPX", "AAPL");
        protocol.opened();
        hear(protocol, SETUP, UNAUTHORIZED, AUTHORIZED, OPENED);
        time.advance(Duration.ofSeconds(2));
        String trimmed = "{'type':'FEED_DATA','channel':1,'data':['Quote',['Quote','SPX',1.5,2.5,'Quote','AAPL',3,4]]}";
        hear(protocol, trimmed);
        assertThat(quotes).as("values that do not fit are not guessed at").isEmpty();
        hear(
                protocol,
                "{'type':'FEED_CONFIG','channel':1,'eventFields':{'Quote':['eventType','eventSymbol','bidPrice','askPrice']}}");
        assertThat(sent.get(sent.size() - 1).get("reset").asBoolean()).isTrue();
        assertThat(sent.get(sent.size() - 1).get("add")).hasSize(2);
        hear(protocol, trimmed);
        assertThat(quotes)
                .containsExactly(
                        new MarketQuote("SPX", 1.5, 2.5, Double.NaN, Double.NaN),
                        new MarketQuote("AAPL", 3, 4, Double.NaN, Double.NaN));
    }

    @Test
    void every_pair_and_every_stride_is_read_and_objects_too() {
        hear(
                subscribed("SPX"),
                "{'type':'FEED_DATA','channel':1,'data':['Quote',['Quote','A',1,2,3,4,'Quote','B',5,6,7,8],"
                        + "'Trade',['Trade','A',9],'Quote',['Quote','C',1.25,2,3,4]]}",
                "{'type':'FEED_DATA','channel':1,'data':[{'eventType':'Quote','eventSymbol':'D','bidPrice':1,"
                        + "'askPrice':2,'bidSize':3,'askSize':4,'eventTime':0}]}");
        assertThat(quotes).extracting(MarketQuote::symbol).containsExactly("A", "B", "C", "D");
        assertThat(quotes.get(2).bid()).isEqualTo(1.25);
        assertThat(quotes.get(3)).isEqualTo(new MarketQuote("D", 1, 2, 3, 4));
    }

    @Test
    void the_order_is_the_one_announced_last() {
        hear(
                subscribed("SPX"),
                "{'type':'FEED_CONFIG','channel':1,'eventFields':{'Quote':['askPrice','eventSymbol','bidPrice','extra','eventType']}}",
                "{'type':'FEED_DATA','channel':1,'data':['Quote',[2.5,'SPX',1.5,'?','Quote']]}");
        assertThat(quotes).containsExactly(new MarketQuote("SPX", 1.5, 2.5, Double.NaN, Double.NaN));
    }

    @Test
    void numbers_that_are_none_are_not_known() {
        hear(
                subscribed("SPX"),
                "{'type':'FEED_DATA','channel':1,'data':['Quote',['Quote','SPX',559.35,'NaN',100,'NaN',"
                        + "'Quote','XSP','Infinity','-Infinity',1,null]]}");
        assertThat(quotes)
                .containsExactly(
                        new MarketQuote("SPX", 559.35, Double.NaN, 100, Double.NaN),
                        new MarketQuote("XSP", Double.NaN, Double.NaN, Double.NaN, Double.NaN));
    }

    @Test
    void a_word_is_said_every_thirty_seconds_and_silence_of_sixty_ends_it() {
        DxLinkProtocol protocol = subscribed("SPX");
        time.advance(Duration.ofSeconds(31));
        assertThat(sentTypes()).endsWith("KEEPALIVE");
        hear(protocol, "{'type':'KEEPALIVE','channel':0}");
        time.advance(Duration.ofSeconds(59));
        assertThat(ends).isEmpty();
        time.advance(Duration.ofSeconds(2));
        assertThat(ends).containsExactly(FeedEnd.lost("the feed was silent for 60 s"));
        assertThat(sentTypes().stream().filter("KEEPALIVE"::equals)).hasSizeBetween(2, 3);
    }

    @Test
    void a_server_that_bears_less_silence_is_spoken_to_more_often() {
        DxLinkProtocol protocol = protocol("SPX");
        protocol.opened();
        hear(protocol, "{'type':'SETUP','channel':0,'keepaliveTimeout':10}", UNAUTHORIZED, AUTHORIZED, OPENED, CONFIG);
        time.advance(Duration.ofSeconds(6));
        assertThat(sentTypes()).endsWith("KEEPALIVE");
    }

    @Test
    void an_error_about_the_connection_that_is_fatal_ends_it_and_its_words_are_not_repeated() {
        DxLinkProtocol protocol = subscribed("SPX");
        hear(protocol, "{'type':'ERROR','channel':0,'error':'TIMEOUT','message':'quote-token'}");
        assertThat(ends).containsExactly(FeedEnd.lost("the feed reports the error TIMEOUT"));
        hear(protocol, CONFIG, UNAUTHORIZED);
        assertThat(ends).hasSize(1);
    }

    @Test
    void any_other_error_costs_at_most_the_symbol_it_is_about() {
        DxLinkProtocol protocol = subscribed("SPX", "NOSUCH");
        hear(
                protocol,
                "{'type':'ERROR','channel':1,'error':'BAD_ACTION','message':'Unknown symbol: NOSUCH'}",
                "{'type':'ERROR','channel':1,'error':'UNAUTHORIZED','message':'no such entitlement'}",
                "{'type':'ERROR','channel':0,'error':'INVALID_MESSAGE','message':'what was that'}",
                "{'type':'FEED_DATA','channel':1,'data':['Quote',['Quote','SPX',1,2,3,4]]}");
        assertThat(ends).isEmpty();
        assertThat(unknown).containsExactly("NOSUCH: the feed says BAD_ACTION (Unknown symbol: NOSUCH)");
        assertThat(remarks).hasSize(2);
        assertThat(quotes).extracting(MarketQuote::symbol).containsExactly("SPX");
    }

    @Test
    void what_the_feed_means_by_one_name_is_told_under_every_name_it_was_asked_by() {
        names.put("/ES", "/ESZ26:XCME");
        names.put("/ESZ6", "/ESZ26:XCME");
        DxLinkProtocol protocol = subscribed("/ES", "/ESZ6");
        assertThat(sent.get(4).get("add")).hasSize(1);
        hear(protocol, "{'type':'FEED_DATA','channel':1,'data':['Quote',['Quote','/ESZ26:XCME',1,2,3,4]]}");
        assertThat(quotes).extracting(MarketQuote::symbol).containsExactly("/ES", "/ESZ6");
        protocol.unsubscribe(List.of("/ES"));
        assertThat(sent).hasSize(5);
        protocol.unsubscribe(List.of("/ESZ6"));
        assertThat(sent.get(5).at("/remove/0/symbol").asText()).isEqualTo("/ESZ26:XCME");
    }

    @Test
    void a_bid_of_zero_is_one_and_an_offer_of_zero_is_none() {
        hear(subscribed("SPX"), "{'type':'FEED_DATA','channel':1,'data':['Quote',['Quote','SPX',0.0,0.0,0,0]]}");
        assertThat(quotes).containsExactly(new MarketQuote("SPX", 0.0, Double.NaN, 0, Double.NaN));
    }

    @Test
    void a_thousand_symbols_go_in_frames_of_eight_kilobytes() {
        String[] symbols = IntStream.range(0, 1000).mapToObj(i -> "SYMBOL-" + i).toArray(String[]::new);
        subscribed(symbols);
        Set<String> added = new HashSet<>();
        List<JsonNode> frames = sent.stream()
                .filter(frame -> frame.get("type").asText().equals("FEED_SUBSCRIPTION"))
                .toList();
        frames.forEach(frame ->
                frame.get("add").forEach(one -> added.add(one.get("symbol").asText())));
        assertThat(added).containsExactlyInAnyOrder(symbols);
        assertThat(sizes).allMatch(size -> size <= 8 * 1024);
        assertThat(frames.get(0).path("reset").asBoolean()).isTrue();
        assertThat(frames.subList(1, frames.size())).noneMatch(frame -> frame.has("reset"));
    }

    @Test
    void an_option_is_called_by_the_name_the_feed_has_for_it() {
        DxLinkProtocol protocol = subscribed("SPY   260116C00600500");
        assertThat(sent.get(4).at("/add/0/symbol").asText()).isEqualTo(".SPY260116C600.5");
        hear(protocol, "{'type':'FEED_DATA','channel':1,'data':['Quote',['Quote','.SPY260116C600.5',1,2,3,4]]}");
        assertThat(quotes).extracting(MarketQuote::symbol).containsExactly("SPY   260116C00600500");
        protocol.unsubscribe(List.of("SPY   260116C00600500"));
        assertThat(sent.get(sent.size() - 1).at("/remove/0/symbol").asText()).isEqualTo(".SPY260116C600.5");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "x", "[]", "{}{}", "{\"type\":", "{\"type\":\"FEED_DATA\",\"data\":[\"Quote\",[\"Quote\""})
    void what_is_no_frame_ends_the_session(String text) {
        DxLinkProtocol protocol = subscribed("SPX");
        protocol.received(text.getBytes(StandardCharsets.UTF_8));
        assertThat(ends).containsExactly(FeedEnd.lost("the feed sent something that is no frame"));
    }
}
