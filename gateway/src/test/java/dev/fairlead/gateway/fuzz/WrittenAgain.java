package dev.fairlead.gateway.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;

/** The rule for every frame: taken or refused with a reason, and what was taken says the same when written again. */
final class WrittenAgain {
    private WrittenAgain() {}

    static void check(byte[] bytes, Class<?> family) {
        Object frame;
        try {
            frame = FrameCodec.decode(bytes, family);
        } catch (FairleadException e) {
            assertThat(e.getMessage()).isNotEmpty();
            return;
        }
        byte[] written = FrameCodec.encode(frame);
        assertThat(FrameCodec.encode(FrameCodec.decode(written, family))).isEqualTo(written);
    }
}
