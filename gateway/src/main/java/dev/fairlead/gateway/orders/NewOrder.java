package dev.fairlead.gateway.orders;

import dev.fairlead.gateway.upstream.OptionSymbols;
import dev.fairlead.gateway.upstream.Side;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.TraceParent;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An order as it was asked for, well-formed.
 *
 * @param submitter {@code operator} or {@code agent:<name>}
 * @param limitPrice present with {@code limit} alone
 * @param traceparent in the course of which trace it was placed, or confirmed where it was placed in none
 */
record NewOrder(
        String submitter,
        String clientOrderId,
        String symbol,
        Side side,
        BigDecimal quantity,
        OrderCommands.Type type,
        Optional<BigDecimal> limitPrice,
        Optional<String> traceparent) {
    static final String OPERATOR = "operator";
    private static final String AGENT = "agent:";
    private static final Pattern CLIENT_ID = Pattern.compile("[A-Za-z0-9._:-]{1,64}");
    private static final Pattern SYMBOL = Pattern.compile("[A-Z0-9./][A-Z0-9./ ]{0,38}[A-Z0-9]|[A-Z0-9]");
    private static final int MOST_DIGITS = 18;
    private static final int MOST_DECIMALS = 10;

    /**
     * Takes a request.
     *
     * @throws FairleadException {@code bad_request} that names the field
     */
    static NewOrder of(OrderCommands.Submit asked) {
        OrderCommands.Type type = OrderCommands.Type.of(asked.orderType())
                .orElseThrow(() -> bad("Field 'order_type' is market or limit"));
        if (!CLIENT_ID.matcher(asked.clientOrderId()).matches()) {
            throw bad("Field 'client_order_id' is 1 to 64 letters, digits, '.', '_', ':' or '-'");
        }
        String symbol = OptionSymbols.occ(asked.symbol()).orElse(asked.symbol());
        if (!SYMBOL.matcher(symbol).matches()) {
            throw bad("Field 'symbol' is at most 40 capitals, digits, '.', '/' and blanks within");
        }
        if (symbol.startsWith(".") && !symbol.startsWith("./")) {
            throw bad("Field 'symbol' is neither an option as the feed writes it (.AAPL261219C200) nor anything else"
                    + " that is traded");
        }
        if (type == OrderCommands.Type.LIMIT && asked.limitPrice().isEmpty()) {
            throw bad("A limit order needs 'limit_price'");
        }
        if (type == OrderCommands.Type.MARKET && asked.limitPrice().isPresent()) {
            throw bad("An order at the market has no 'limit_price'");
        }
        return new NewOrder(
                asked.agent().map(name -> AGENT + name).orElse(OPERATOR),
                asked.clientOrderId(),
                symbol,
                Side.of(asked.side()).orElseThrow(() -> bad("Field 'side' is one of " + Side.names())),
                positive("quantity", asked.quantity()),
                type,
                asked.limitPrice().map(price -> positive("limit_price", price)),
                TraceParent.of(asked.traceparent()));
    }

    /** Whether it is the same order, in the course of whatever it was placed. */
    boolean isSameAs(NewOrder other) {
        return within(Optional.empty()).equals(other.within(Optional.empty()));
    }

    /** The same, in the course of a trace or of none. */
    NewOrder within(Optional<String> trace) {
        return new NewOrder(submitter, clientOrderId, symbol, side, quantity, type, limitPrice, trace);
    }

    Terms terms() {
        return new Terms(quantity, limitPrice);
    }

    /** The same on other terms. */
    NewOrder on(Terms terms) {
        return new NewOrder(
                submitter, clientOrderId, symbol, side, terms.quantity(), type, terms.limitPrice(), traceparent);
    }

    static String submitter(String agent) {
        return AGENT + agent;
    }

    /** The agent's name; empty for the operator. */
    static Optional<String> agent(String submitter) {
        return submitter.startsWith(AGENT) ? Optional.of(submitter.substring(AGENT.length())) : Optional.empty();
    }

    /**
     * A number of bounded length, written without an exponent: {@code 1e999999999} would not be.
     *
     * @throws FairleadException {@code bad_request} that names the field
     */
    static BigDecimal positive(String field, BigDecimal number) {
        if (number.signum() <= 0
                || number.scale() > MOST_DECIMALS * 2
                || number.scale() < -MOST_DIGITS
                || number.precision() > MOST_DIGITS * 2) {
            throw outOfBounds(field);
        }
        BigDecimal plain = new BigDecimal(number.stripTrailingZeros().toPlainString());
        if (plain.scale() > MOST_DECIMALS || plain.precision() > MOST_DIGITS) {
            throw outOfBounds(field);
        }
        return plain;
    }

    private static FairleadException outOfBounds(String field) {
        return bad("Field '" + field + "' is a number over 0 with at most " + MOST_DIGITS + " digits, " + MOST_DECIMALS
                + " of them decimals");
    }

    private static FairleadException bad(String message) {
        return new FairleadException(ErrorCode.BAD_REQUEST, message);
    }
}
