package dev.fairlead.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoginKeysTest {
    private static final Instant NOW = Instant.parse("2026-02-20T01:23:45Z");

    @TempDir
    Path folder;

    private LoginKeys keys;

    @BeforeEach
    void open() {
        keys = new LoginKeys(folder);
    }

    @Test
    void a_key_is_good_once() throws IOException {
        String key = keys.make(NOW, LoginKeys.LIFE).text();
        assertThat(new LoginKeys(folder).use(key, NOW)).isTrue();
        assertThat(keys.use(key, NOW)).isFalse();
    }

    @Test
    void its_end_is_told_as_exactly_as_it_is_kept() throws IOException {
        assertThat(keys.make(NOW.plusNanos(1_234_567), LoginKeys.LIFE).expiresAt())
                .isEqualTo(NOW.plusMillis(1).plus(LoginKeys.LIFE));
    }

    @Test
    void a_key_ends() throws IOException {
        LoginKeys.Key early = keys.make(NOW, LoginKeys.LIFE);
        LoginKeys.Key late = keys.make(NOW, LoginKeys.LIFE);
        assertThat(keys.use(early.text(), early.expiresAt().minusMillis(1))).isTrue();
        assertThat(keys.use(late.text(), late.expiresAt())).isFalse();
    }

    @Test
    void the_folder_holds_no_key_and_not_too_many_hashes() throws IOException {
        String last = "";
        for (int i = 0; i < LoginKeys.MOST + 10; i++) {
            last = keys.make(NOW.plusSeconds(i), LoginKeys.LIFE).text();
        }
        List<String> names = names();
        assertThat(names).hasSize(LoginKeys.MOST).doesNotContain(last);
        assertThat(keys.use(last, NOW)).isTrue();
        keys.make(NOW.plus(Duration.ofDays(1)), LoginKeys.LIFE);
        assertThat(names()).hasSize(1);
    }

    @Test
    void nothing_but_a_key_is_good() throws IOException {
        keys.make(NOW, LoginKeys.LIFE);
        Files.createFile(folder.resolve("other"));
        for (String wrong : List.of("", "x", "../x", "k".repeat(5_000), names().get(0))) {
            assertThat(keys.use(wrong, NOW)).isFalse();
        }
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
