package dev.fairlead.gateway.upstream.tastytrade;

import dev.fairlead.gateway.upstream.QuoteRefusal;
import dev.fairlead.gateway.upstream.UpstreamAnswer;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/** What tastytrade's answers to calls for quotes mean when they are no quotes. */
final class TastytradeAnswers {
    private static final String NO_CUSTOMER = "quote_streamer.customer_not_found_error";

    private TastytradeAnswers() {}

    /** Passes on an answer of status 200; anything else fails with a {@link QuoteRefusal}. */
    static Future<UpstreamAnswer> of(TastytradeRest rest, Future<UpstreamAnswer> call) {
        return call.transform(done -> {
            if (done.failed()) {
                return Future.failedFuture(QuoteRefusal.passing(
                        rest.name() + " does not answer: " + done.cause().getMessage(), Optional.empty()));
            }
            UpstreamAnswer answer = done.result();
            return answer.status() == 200 ? Future.succeededFuture(answer) : Future.failedFuture(refusal(rest, answer));
        });
    }

    private static QuoteRefusal refusal(TastytradeRest rest, UpstreamAnswer answer) {
        int status = answer.status();
        if (answer.json().at("/error/code").asText().equals(NO_CUSTOMER)) {
            return QuoteRefusal.terminal(
                    rest.name() + " streams quotes to customers with a funded account alone (customer_not_found)");
        }
        if (status == 429) {
            return QuoteRefusal.passing(rest.name() + " limits our rate (429)", answer.retryAfter());
        }
        if (status == 406) {
            return QuoteRefusal.passing(rest.versionRefused(), Optional.of(Duration.ofMinutes(5)));
        }
        if (answer.isHtml()) {
            return QuoteRefusal.passing(
                    rest.name() + " answered " + status + " with a page of HTML: what stands in front of it refuses our"
                            + " User-Agent or address",
                    answer.retryAfter());
        }
        if (status == 401) {
            return QuoteRefusal.passing(rest.name() + " refuses the access token (401)", answer.retryAfter());
        }
        return QuoteRefusal.passing(rest.name() + " answered " + status, answer.retryAfter());
    }
}
