package dev.fairlead.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;

/** The frames all streams share, besides what each is about. */
public sealed interface StreamControl {

    /** What a client sends on a stream. Each stream answers what is not for it with {@code unknown_type}. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(Ping.class),
        @JsonSubTypes.Type(SetIncludeArchived.class),
        @JsonSubTypes.Type(Subscribe.class),
        @JsonSubTypes.Type(Unsubscribe.class)
    })
    sealed interface FromClient extends StreamControl {}

    /** What a server sends on any stream. */
    @JsonSubTypes({@JsonSubTypes.Type(Pong.class), @JsonSubTypes.Type(Failure.class), @JsonSubTypes.Type(Resumed.class)
    })
    sealed interface FromServer extends StreamControl, StreamFrame {}

    /** Every 30 s; answered at once with {@link Pong}. */
    @JsonTypeName("ping")
    record Ping() implements FromClient {}

    /** Instances only: whether archived ones are shown from now on. Answered with a new snapshot. */
    @JsonTypeName("set_include_archived")
    record SetIncludeArchived(boolean value) implements FromClient {}

    /** Quotes only: these symbols as well from now on. */
    @JsonTypeName("subscribe")
    record Subscribe(List<String> symbols) implements FromClient {
        public Subscribe {
            symbols = List.copyOf(symbols);
        }
    }

    /** Quotes only: these symbols no more. */
    @JsonTypeName("unsubscribe")
    record Unsubscribe(List<String> symbols) implements FromClient {
        public Unsubscribe {
            symbols = List.copyOf(symbols);
        }
    }

    /** The answer to a ping. */
    @JsonTypeName("pong")
    record Pong() implements FromServer {}

    /** What went wrong. Where it ends the connection, a close with {@link ErrorCode#closeCode()} follows. */
    @JsonTypeName("error")
    record Failure(String code, String message, boolean retryable) implements FromServer {
        public static Failure of(ErrorCode code, String message) {
            return new Failure(code.wire(), message, code.retryable());
        }

        public static Failure of(FairleadException e) {
            return of(e.code(), e.getMessage());
        }
    }

    /** In place of a snapshot: the stream goes on after the position the client gave, with the frames it missed. */
    @JsonTypeName("resumed")
    record Resumed(String epoch, long seq) implements FromServer {
        public static Resumed at(StreamPosition position) {
            return new Resumed(position.epoch(), position.seq());
        }
    }
}
