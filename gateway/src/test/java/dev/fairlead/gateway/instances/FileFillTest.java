package dev.fairlead.gateway.instances;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileFillTest {
    private static final int BOUND = 1_000;

    private final FileFill fill = new FileFill(BOUND);

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void what_leaves_room_for_a_line_goes_in_whole() {
        assertThat(fill.fits(0, text("a line\nand a piece"), false)).isEqualTo(18);
        assertThat(fill.fits(700, text("x".repeat(40)), true)).isEqualTo(40);
    }

    @Test
    void near_the_bound_whole_lines_alone_go_in() {
        assertThat(fill.fits(800, text("a line\nand a piece"), false)).isEqualTo(7);
        assertThat(fill.fits(800, text("the end of one\nand a piece"), true)).isEqualTo(15);
        assertThat(fill.fits(800, text("a piece"), false)).isZero();
        assertThat(fill.fits(994, text("a line\n"), false)).isZero();
    }

    @Test
    void a_line_that_is_longer_than_the_room_kept_for_it_goes_on_to_the_bound() {
        assertThat(fill.fits(800, text("x".repeat(500)), true)).isEqualTo(199);
        assertThat(fill.fits(999, text("x".repeat(500)), true)).isZero();
        assertThat(fill.fits(0, text("x".repeat(5_000)), false)).isEqualTo(999);
    }

    @Test
    void only_what_is_left_of_the_bytes_counts() {
        ByteBuffer bytes = text("done\na line\nand a piece");
        bytes.position(5);
        assertThat(fill.fits(800, bytes, false)).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void files_stay_below_the_bound_and_end_with_a_line_whatever_the_pieces(long seed) {
        Random random = new Random(seed);
        StringBuilder written = new StringBuilder();
        List<String> files = new ArrayList<>();
        StringBuilder file = new StringBuilder();
        for (int i = 0; i < 3_000; i++) {
            written.append("x".repeat(random.nextInt(240))).append('\n');
        }
        ByteBuffer all = text(written.toString());
        int end = all.limit();
        while (all.position() < end) {
            all.limit(Math.min(end, all.position() + 1 + random.nextInt(2_000)));
            while (all.hasRemaining()) {
                boolean within = file.length() > 0 && file.charAt(file.length() - 1) != '\n';
                int fits = fill.fits(file.length(), all, within);
                if (fits == 0) {
                    files.add(file.toString());
                    file.setLength(0);
                }
                byte[] piece = new byte[fits];
                all.get(piece);
                file.append(new String(piece, StandardCharsets.UTF_8));
            }
        }

        assertThat(files)
                .hasSizeGreaterThan(100)
                .allSatisfy(one -> assertThat(one).endsWith("\n").hasSizeBetween(BOUND * 3 / 4 - 240, BOUND - 1));
        assertThat(String.join("", files) + file).isEqualTo(written.toString());
    }
}
