package dev.fairlead.gateway.chat.budget;

import dev.fairlead.gateway.settings.SpendingCap;
import dev.fairlead.gateway.store.WriteConnection;
import dev.fairlead.protocol.ChatFrame;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.SQLException;
import java.util.List;

/** The rows of {@code llm_spent}. Each method is part of one write unit. */
final class SpendingRows {
    private static final String SELECT =
            "SELECT tokens, usd_nanos FROM llm_spent WHERE spent_on = ? AND scope = ? AND name = ?";
    private static final String ADD = "UPDATE llm_spent SET tokens = tokens + ?, usd_nanos = usd_nanos + ?"
            + " WHERE spent_on = ? AND scope = ? AND name = ?";
    private static final String INSERT =
            "INSERT INTO llm_spent (tokens, usd_nanos, spent_on, scope, name) VALUES (?, ?, ?, ?, ?)";
    private static final String FORGET = "DELETE FROM llm_spent WHERE spent_on < ?";
    private static final String ADD_TO_TURN = "UPDATE chat_turns SET input_tokens = COALESCE(input_tokens, 0) + ?,"
            + " output_tokens = COALESCE(output_tokens, 0) + ? WHERE turn_id = ?";

    private SpendingRows() {}

    /**
     * Something that has a bound of its own.
     *
     * @param kind {@code session}, {@code agent} or {@code gateway}
     */
    record Scope(String kind, String name, SpendingCap cap) {}

    /**
     * Takes room in each scope, or in none.
     *
     * @param day as {@code 2026-11-29}
     * @throws FairleadException {@code budget_exhausted}
     */
    static Cost reserve(WriteConnection c, String day, List<Scope> scopes, Cost wanted) throws SQLException {
        for (Scope scope : scopes) {
            Cost spent = spent(c, day, scope);
            if (scope.cap().tokens().filter(cap -> spent.tokens() >= cap).isPresent()) {
                throw exhausted(
                        scope,
                        "tokens",
                        spent.tokens() + " of " + scope.cap().tokens().get());
            }
            if (scope.cap().usd().filter(cap -> usd(spent).compareTo(cap) >= 0).isPresent()) {
                throw exhausted(
                        scope,
                        "usd",
                        "US$ " + shown(spent) + " of " + scope.cap().usd().get().toPlainString());
            }
        }
        add(c, day, scopes, wanted);
        return wanted;
    }

    /** Adds to each scope; what is negative is given back. */
    static void add(WriteConnection c, String day, List<Scope> scopes, Cost more) throws SQLException {
        for (Scope scope : scopes) {
            Object[] row = {more.tokens(), more.nanos(), day, scope.kind(), scope.name()};
            if (c.update(ADD, row) == 0) {
                c.update(INSERT, row);
            }
        }
    }

    static Cost spent(WriteConnection c, String day, Scope scope) throws SQLException {
        return c.queryOne(
                        SELECT,
                        row -> new Cost(row.number("tokens"), row.number("usd_nanos")),
                        day,
                        scope.kind(),
                        scope.name())
                .orElse(new Cost(0, 0));
    }

    /** Notes what a turn has used, however it ends. */
    static void ofTurn(WriteConnection c, String turnId, ChatFrame.Usage used) throws SQLException {
        c.update(ADD_TO_TURN, used.inputTokens(), used.outputTokens(), turnId);
    }

    /** Forgets the days before one. */
    static void forget(WriteConnection c, String day) throws SQLException {
        c.update(FORGET, day);
    }

    static String shown(Cost cost) {
        return usd(cost).setScale(4, RoundingMode.HALF_UP).stripTrailingZeros().toPlainString();
    }

    private static BigDecimal usd(Cost cost) {
        return BigDecimal.valueOf(cost.nanos()).divide(Cost.NANOS);
    }

    private static FairleadException exhausted(Scope scope, String unit, String used) {
        String whose =
                switch (scope.kind()) {
                    case "session" -> "This session's";
                    case "agent" -> "The budget of " + scope.name() + ": its";
                    default -> "The gateway's";
                };
        return new FairleadException(
                ErrorCode.BUDGET_EXHAUSTED,
                whose + " budget for language models is used up: " + used + (unit.equals("tokens") ? " tokens" : "")
                        + " today. It begins anew at midnight UTC; llm.budget." + scope.kind() + "_" + unit
                        + " sets it");
    }
}
