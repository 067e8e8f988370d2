package dev.fairlead.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.JsonUnwrapped;

/** The stream of the upstream token's state. Each frame has all of it, in the frame itself. */
@JsonSubTypes({@JsonSubTypes.Type(TokenFrame.Snapshot.class), @JsonSubTypes.Type(TokenFrame.Changed.class)})
public sealed interface TokenFrame extends StreamFrame {

    @JsonTypeName("snapshot")
    record Snapshot(@JsonUnwrapped TokenReport token) implements TokenFrame {}

    @JsonTypeName("token_state")
    record Changed(@JsonUnwrapped TokenReport token) implements TokenFrame {}
}
