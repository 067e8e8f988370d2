package dev.fairlead.gateway.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EnvelopeTest {
    @ParameterizedTest
    @EnumSource(Envelope.Kind.class)
    void what_is_written_is_read(Envelope.Kind kind) {
        Buffer wire =
                new Envelope.Draft(kind, 1999, -5, "messages.Sänd", Buffer.buffer("body")).encode("n1", 7, 11, 8, -9);

        assertThat(Envelope.decode(wire))
                .isEqualTo(new Envelope(kind, "n1", 7, 11, 8, -9, 1999, -5, "messages.Sänd", Buffer.buffer("body")));
    }

    @Test
    void another_version_is_refused() {
        Buffer wire = Envelope.Draft.PULSE.encode("n1", 1, 1, 1, 1).setByte(0, (byte) 2);

        assertThatThrownBy(() -> Envelope.decode(wire))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("version 2");
    }

    @Test
    void a_kind_of_a_later_version_is_refused() {
        Buffer wire = Envelope.Draft.PULSE.encode("n1", 1, 1, 1, 1).setByte(1, (byte) 200);

        assertThatThrownBy(() -> Envelope.decode(wire)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatever_is_cut_short_is_refused() {
        Buffer wire =
                new Envelope.Draft(Envelope.Kind.EVENT, 0, 0, "address", Buffer.buffer()).encode("n1", 1, 1, 1, 1);
        for (int length = 0; length < wire.length(); length++) {
            Buffer cut = wire.slice(0, length);
            assertThatThrownBy(() -> Envelope.decode(cut))
                    .isInstanceOfAny(IndexOutOfBoundsException.class, IllegalArgumentException.class);
        }
    }
}
