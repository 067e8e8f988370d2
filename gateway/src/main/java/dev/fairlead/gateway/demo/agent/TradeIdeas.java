package dev.fairlead.gateway.demo.agent;

import dev.fairlead.protocol.AgentData;
import dev.fairlead.protocol.AgentSubjects;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.OrderStatus;
import dev.fairlead.protocol.client.AgentClient;
import dev.fairlead.protocol.client.AgentRequest;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** Orders for a few shares, which wait for a person; no more of them at a time than a person would look at. */
final class TradeIdeas {
    private static final String INDEX = "SPX";
    private static final int MOST_OPEN = 3;
    /** The third quote brings the first order, then one in so many does. */
    private static final int FIRST = 3;

    private static final int ONE_IN = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final AgentClient client;
    private final SplittableRandom random;
    private final AgentLog log;
    private final String run;
    private final Set<String> open = new HashSet<>();
    private int considered;
    private int submitted;

    TradeIdeas(AgentClient client, SplittableRandom random, AgentLog log) {
        this.client = client;
        this.random = random;
        this.log = log;
        this.run = Integer.toString(random.nextInt(0x1000, 0x10000), 16);
    }

    void prepare() {
        client.onRequest(AgentSubjects.ORDER_UPDATE.value(), this::updated);
    }

    int open() {
        return open.size();
    }

    void consider(AgentData.AgentQuote quote) {
        considered++;
        boolean wanted = considered == FIRST || (considered > FIRST && random.nextInt(ONE_IN) == 0);
        if (wanted && open.size() < MOST_OPEN && !quote.symbol().equals(INDEX)) {
            quote.bid().ifPresent(bid -> submit(quote.symbol(), bid));
        }
    }

    private void submit(String symbol, BigDecimal limit) {
        submitted++;
        String id = "scout-" + run + "-" + submitted;
        BigDecimal quantity = BigDecimal.valueOf(random.nextInt(1, 10));
        open.add(id);
        AgentData.OrderSubmit order =
                new AgentData.OrderSubmit(id, symbol, "buy", quantity, "limit", Optional.of(limit));
        client.request(AgentSubjects.ORDER_SUBMIT.value(), order, PATIENCE)
                .onSuccess(answer -> {
                    AgentData.OrderAccepted taken = FrameCodec.fromTree(answer, AgentData.OrderAccepted.class);
                    log.info("would buy " + quantity + " " + symbol + " at " + limit.toPlainString() + ": "
                            + taken.status());
                    settled(id, taken.status());
                })
                .onFailure(refused -> {
                    open.remove(id);
                    log.warn("no order for " + symbol + ": " + refused.getMessage());
                });
    }

    private Future<?> updated(AgentRequest request) {
        AgentData.OrderUpdate update = request.as(AgentData.OrderUpdate.class);
        log.info("order " + update.clientOrderId() + " is " + update.status()
                + update.reason().map(reason -> ": " + reason).orElse(""));
        settled(update.clientOrderId(), update.status());
        return Future.succeededFuture();
    }

    private void settled(String id, String status) {
        if (Arrays.stream(OrderStatus.values())
                .anyMatch(known -> known.wire().equals(status) && (known.isFinal() || known.isAtUpstream()))) {
            open.remove(id);
        }
    }
}
