package dev.fairlead.gateway.upstream.tastytrade;

import dev.fairlead.gateway.upstream.QuoteRefusal;
import dev.fairlead.gateway.upstream.UpstreamAnswer;
import io.vertx.core.Future;
import java.util.Optional;

/** What tastytrade's answers to calls for quotes mean when they are no quotes. */
final class TastytradeAnswers {
    private static final String NO_CUSTOMER = "quote_streamer.customer_not_found_error";

    private TastytradeAnswers() {}

    /** Passes on an answer of status 200; anything else fails with a {@link QuoteRefusal}. */
    static Future<UpstreamAnswer> of(Future<UpstreamAnswer> call) {
        return call.transform(done -> {
            if (done.failed()) {
                return Future.failedFuture(QuoteRefusal.passing(
                        "tastytrade does not answer: " + done.cause().getClass().getSimpleName(), Optional.empty()));
            }
            UpstreamAnswer answer = done.result();
            return answer.status() == 200 ? Future.succeededFuture(answer) : Future.failedFuture(refusal(answer));
        });
    }

    private static QuoteRefusal refusal(UpstreamAnswer answer) {
        int status = answer.status();
        if (answer.json().at("/error/code").asText().equals(NO_CUSTOMER)) {
            return QuoteRefusal.terminal(
                    "tastytrade streams quotes to customers with a funded account alone (customer_not_found)");
        }
        if (status == 429) {
            return QuoteRefusal.passing("tastytrade limits our rate (429)", answer.retryAfter());
        }
        if (answer.isHtml()) {
            return QuoteRefusal.passing(
                    "tastytrade answered " + status + " with a page of HTML: what stands in front of it refuses our"
                            + " User-Agent or address",
                    answer.retryAfter());
        }
        if (status == 401) {
            return QuoteRefusal.passing("tastytrade refuses the access token (401)", answer.retryAfter());
        }
        return QuoteRefusal.passing("tastytrade answered " + status, answer.retryAfter());
    }
}
