package dev.fairlead.gateway.faces.openai;

import dev.fairlead.gateway.chat.ChatDelivery;
import java.util.Optional;

/**
 * The events of a turn, made where they are sent from what the chat tells: the same, with the same numbers, as the face
 * keeps for who comes later. Plain state, bounded: who does not take them reads them of the face.
 */
public final class LiveAnswer {
    private final Run run;
    private long position;
    private long after;

    /**
     * Goes on with a turn.
     *
     * @param after the number of the last event that was taken
     */
    public LiveAnswer(OpenAiCommands.Live live, long after) {
        this.run = Run.of(live.facts(), live.state());
        this.position = live.position();
        this.after = after;
    }

    /** What was told in its session; what it knows already is passed over. */
    public void hear(ChatDelivery.Frames told) {
        if (told.position() > position) {
            position = told.position();
            run.hear(told.frames());
        }
    }

    /** Its session was deleted. */
    public void gone() {
        run.gone();
    }

    /** The events since the last were taken; empty where there are none that can be shown. */
    public Optional<OpenAiCommands.Piece> take() {
        Optional<OpenAiCommands.Piece> piece =
                run.writer().log().after(after, run.writer().isEnded());
        piece.ifPresent(taken -> {
            after = taken.after();
            run.writer().log().forget(after);
        });
        return piece;
    }

    /**
     * Whether the rest is to be read of the face: more waits to be taken than is kept here, or it must be certain first
     * that a restarted gateway would count on past it.
     */
    public boolean isBehind() {
        EventLog events = run.writer().log();
        return events.held() > EventLog.MOST_AT_ONCE || (events.held() > 0 && events.isReadUpTo(after));
    }
}
