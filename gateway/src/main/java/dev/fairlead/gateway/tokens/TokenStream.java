package dev.fairlead.gateway.tokens;

import dev.fairlead.gateway.streams.StreamView;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.TokenFrame;
import dev.fairlead.protocol.TokenReport;
import java.util.Optional;
import java.util.function.Supplier;

/** The one view of the stream {@code /ws/token}. */
final class TokenStream implements StreamView<TokenReport> {
    private final Supplier<TokenReport> now;

    TokenStream(Supplier<TokenReport> now) {
        this.now = now;
    }

    @Override
    public String key() {
        return "";
    }

    @Override
    public byte[] snapshot() {
        return FrameCodec.encode(new TokenFrame.Snapshot(now.get()));
    }

    @Override
    public Optional<byte[]> delta(TokenReport token) {
        return Optional.of(FrameCodec.encode(new TokenFrame.Changed(token)));
    }
}
