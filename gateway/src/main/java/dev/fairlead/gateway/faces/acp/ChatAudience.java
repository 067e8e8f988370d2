package dev.fairlead.gateway.faces.acp;

import dev.fairlead.protocol.AgentData;
import dev.fairlead.protocol.client.AgentTurn;
import io.vertx.core.Future;
import java.util.Optional;

/** Those who watch a chat's session. */
record ChatAudience(AgentTurn turn) implements Audience {
    /** Characters of one piece: well below what a frame may hold, however they are written. */
    private static final int MOST_PIECE = 20_000;

    @Override
    public void show(Shown shown) {
        if (isOver()) {
            return;
        }
        if (shown instanceof Shown.Text text) {
            pieces(text.text());
        } else if (shown instanceof Shown.Thought thought) {
            turn.thinking(ContentText.cut(thought.text(), MOST_PIECE));
        } else if (shown instanceof Shown.Call call) {
            turn.toolCall(call.id(), call.name(), call.args());
        } else if (shown instanceof Shown.Outcome outcome) {
            turn.toolResult(outcome.id(), outcome.name(), outcome.output());
        } else if (shown instanceof Shown.Status status) {
            turn.status(status.phase(), status.detail());
        }
    }

    private void pieces(String text) {
        for (int from = 0, to; from < text.length(); from = to) {
            to = Math.min(from + MOST_PIECE, text.length());
            if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
                to--;
            }
            turn.chunk(text.substring(from, to));
        }
    }

    @Override
    public Future<Optional<Boolean>> allows(Shown.Call call) {
        return turn.askToCall(call.id(), call.name(), call.args())
                .map(said -> isOver() ? Optional.empty() : Optional.of(said == AgentData.Decision.APPROVED));
    }

    @Override
    public Future<Void> over() {
        return turn.aborted();
    }
}
