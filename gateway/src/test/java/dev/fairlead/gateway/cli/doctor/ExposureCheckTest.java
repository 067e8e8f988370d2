package dev.fairlead.gateway.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.cli.doctor.Finding.Verdict;
import dev.fairlead.gateway.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExposureCheckTest {
    @TempDir
    Path folder;

    @Test
    void it_says_what_is_open_to_whom() {
        assertThat(findings("alice")).singleElement().satisfies(finding -> {
            assertThat(finding.verdict()).isEqualTo(Verdict.GOOD);
            assertThat(finding.detail()).startsWith("open to this machine alone");
        });
    }

    @Test
    void a_gateway_of_roots_trusts_whatever_else_is_roots() {
        assertThat(findings("root")).anySatisfy(finding -> {
            assertThat(finding.verdict()).isEqualTo(Verdict.WARNING);
            assertThat(finding.detail()).contains("docker-proxy");
            assertThat(finding.remedy().orElseThrow()).contains("auth.mode=required");
        });
        assertThat(findings("root", "auth.mode=required")).allMatch(finding -> finding.verdict() == Verdict.GOOD);
    }

    @Test
    void a_proxy_that_is_not_told_of_is_warned_of() {
        assertThat(findings("alice", "auth.allowed_hosts=gw.example.com")).anySatisfy(finding -> assertThat(
                        finding.remedy())
                .contains("set http.behind_tls_proxy=true, or auth.mode=required, so that nothing it passes on is taken"
                        + " for yours"));
        assertThat(findings("alice", "auth.allowed_hosts=gw.example.com", "http.behind_tls_proxy=true"))
                .allMatch(finding -> finding.verdict() == Verdict.GOOD);
    }

    @Test
    void a_short_password_in_a_file_is_a_fault_where_others_can_try_it() throws IOException {
        Path file = Files.writeString(folder.resolve("password"), "short\n");

        assertThat(findings("alice", "http.behind_tls_proxy=true", "auth.admin_password_file=" + file))
                .anySatisfy(finding -> assertThat(finding.verdict()).isEqualTo(Verdict.FAULT));
        assertThat(findings("alice", "auth.admin_password_file=" + file))
                .allMatch(finding -> finding.verdict() == Verdict.GOOD);
    }

    private static List<Finding> findings(String user, String... settings) {
        return ExposureCheck.run(Settings.of(settings), true, user);
    }
}
