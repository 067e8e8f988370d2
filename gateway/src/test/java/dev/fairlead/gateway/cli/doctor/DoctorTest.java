package dev.fairlead.gateway.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.Version;
import dev.fairlead.gateway.cli.doctor.Finding.Verdict;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.ManualTime;
import dev.fairlead.gateway.upstream.simulator.SimulatedAccount;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {

    private static final Duration LEASE = Duration.ofSeconds(3);

    @TempDir
    Path root;

    private Path folder;

    @BeforeEach
    void privateFolder() throws IOException {
        folder = Files.createDirectory(
                root.resolve("data"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    @Test
    void a_fresh_place_is_good_and_stays_untouched() throws IOException {
        Path missing = root.resolve("none/yet");
        List<Finding> findings = Doctor.examine(Settings.of("http.port=0", "data_dir=" + missing), Map.of());
        assertThat(findings).noneMatch(finding -> finding.verdict() == Verdict.FAULT);
        assertThat(missing.getParent()).doesNotExist();
    }

    @Test
    void every_fault_has_a_remedy() {
        Finding finding = MachineCheck.java(11);
        assertThat(finding.verdict()).isEqualTo(Verdict.FAULT);
        assertThat(finding.remedy()).get().asString().contains("17");
    }

    @Test
    void the_budget_of_memory_is_the_launchers_and_is_said_where_java_would_take_more() throws IOException {
        assertThat(Files.readString(Path.of("src/main/launcher/fairlead"))).contains(MemoryCheck.BUDGET);
        long gib = 1L << 30;
        assertThat(MemoryCheck.of(24 * gib).detail())
                .contains("heap of at most 1024 MiB and 512 MiB beside it", "takes 6144 MiB", MemoryCheck.BUDGET);
        assertThat(MemoryCheck.of(gib).detail())
                .contains("heap of at most 256 MiB")
                .doesNotContain("java -jar");
        assertThat(MemoryCheck.of(gib / 4).verdict()).isEqualTo(Verdict.WARNING);
        assertThat(MemoryCheck.run().detail()).contains("MiB");
    }

    @Test
    void a_node_that_does_not_go_with_its_fleet_is_told_what_mends_it() {
        Duration way = Duration.ofMillis(2);
        ClusterCheck.Seen fine = new ClusterCheck.Seen(
                way, Duration.ofMillis(-40), List.of(Version.current()), Optional.of(true), Optional.of(true));
        assertThat(ClusterCheck.judge(fine, LEASE)).allMatch(one -> one.verdict() == Verdict.GOOD);

        ClusterCheck.Seen slow = new ClusterCheck.Seen(
                Duration.ofMillis(151), Duration.ZERO, List.of("0.1"), Optional.empty(), Optional.empty());
        assertThat(ClusterCheck.judge(slow, LEASE))
                .filteredOn(one -> one.verdict() == Verdict.WARNING)
                .extracting(Finding::detail)
                .anyMatch(detail -> detail.contains("151 ms"))
                .anyMatch(detail -> detail.contains("0.1"));

        ClusterCheck.Seen another =
                new ClusterCheck.Seen(way, Duration.ofMillis(5_001), List.of(), Optional.of(false), Optional.of(false));
        assertThat(ClusterCheck.judge(another, LEASE))
                .filteredOn(one -> one.verdict() == Verdict.FAULT)
                .hasSize(3);
    }

    @Test
    void a_port_that_something_else_holds_is_a_fault() throws IOException {
        try (ServerSocket held = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread hangUp = new Thread(() -> hangUp(held));
            hangUp.start();
            Finding finding = PortCheck.run(
                    Settings.of("http.port=" + held.getLocalPort()).http());
            assertThat(finding.verdict()).isEqualTo(Verdict.FAULT);
            assertThat(finding.remedy()).get().asString().contains("--port");
        }
    }

    @Test
    void a_folder_that_others_can_write_is_a_fault() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwx---"));
        assertThat(DataFolderCheck.run(folder, new ManualTime()).get(0).remedy())
                .get()
                .asString()
                .contains("chmod 700");
    }

    @Test
    void a_linked_folder_is_a_fault() throws IOException {
        Path link = Files.createSymbolicLink(root.resolve("link"), folder);
        assertThat(DataFolderCheck.run(link, new ManualTime()))
                .singleElement()
                .extracting(Finding::verdict)
                .isEqualTo(Verdict.FAULT);
    }

    @Test
    void a_clock_that_went_back_is_told() throws IOException {
        ManualTime time = new ManualTime();
        Path file = Files.createFile(folder.resolve("x"));
        Files.setLastModifiedTime(file, FileTime.from(time.instant().plus(Duration.ofHours(1))));
        assertThat(DataFolderCheck.run(folder, time))
                .anyMatch(finding -> finding.subject().equals("clock") && finding.verdict() == Verdict.WARNING);
    }

    @Test
    void a_secret_file_that_others_read_is_told() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "k");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(SecretFilesCheck.run(Settings.of("auth.admin_password_file=" + file)))
                .singleElement()
                .extracting(Finding::verdict)
                .isEqualTo(Verdict.WARNING);
    }

    @Test
    void a_broken_database_is_a_fault_and_its_password_shows_nowhere() throws IOException {
        Files.writeString(folder.resolve("fairlead.mv.db"), "not a database".repeat(1000));
        Finding finding = DatabaseCheck.run(Settings.of("data_dir=" + folder, "db.password=c4n4ry"));
        assertThat(finding.verdict()).isEqualTo(Verdict.FAULT);
        assertThat(finding.toString()).doesNotContain("c4n4ry");
    }

    @Test
    void a_database_that_does_not_answer_is_a_fault() {
        Finding finding = DatabaseCheck.run(Settings.of("db.url=jdbc:postgresql://127.0.0.1:1/x"));
        assertThat(finding.verdict()).isEqualTo(Verdict.FAULT);
    }

    @Test
    void missing_or_swapped_credentials_are_named_and_their_values_are_not() {
        Settings kraken = Settings.of("upstream.kind=kraken");
        String secret = SimulatedAccount.KRAKEN_SECRET;

        Finding missing = UpstreamCheck.run(kraken, Map.of("KRAKEN_API_KEY", "k"));
        Finding swapped = UpstreamCheck.run(kraken, Map.of("KRAKEN_API_KEY", secret, "KRAKEN_API_SECRET", "c4n4ry"));
        Finding whole = UpstreamCheck.run(kraken, Map.of("KRAKEN_API_KEY", "c4n4ry", "KRAKEN_API_SECRET", secret));
        Finding required =
                UpstreamCheck.run(Settings.of("upstream.kind=tastytrade", "upstream.required=true"), Map.of());

        assertThat(missing.verdict()).isEqualTo(Verdict.WARNING);
        assertThat(missing.remedy()).get().asString().contains("KRAKEN_API_SECRET");
        assertThat(swapped.remedy()).get().asString().contains("swapped");
        assertThat(whole.verdict()).isEqualTo(Verdict.GOOD);
        assertThat(required.verdict()).isEqualTo(Verdict.FAULT);
        assertThat(List.of(missing, swapped, whole).toString()).doesNotContain("c4n4ry", secret);
    }

    @Test
    void a_lock_nobody_holds_is_no_gateway() throws IOException {
        Files.createFile(folder.resolve("gateway.lock"));
        Files.writeString(folder.resolve("fairlead.mv.db"), "x");
        try (FileChannel held = FileChannel.open(folder.resolve("gateway.lock"), StandardOpenOption.WRITE)) {
            assertThat(held.isOpen()).isTrue();
            assertThat(DatabaseCheck.run(Settings.of("data_dir=" + folder)).verdict())
                    .isEqualTo(Verdict.FAULT);
        }
    }

    private static void hangUp(ServerSocket held) {
        try {
            while (true) {
                held.accept().close();
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    @Test
    void it_says_whether_orders_go_to_the_market_or_stay_on_paper() {
        Settings off = Settings.of("upstream.kind=simulator");
        Settings live = Settings.of("upstream.kind=simulator", "orders.enabled=true");
        Settings paper = Settings.of("upstream.kind=tastytrade", "orders.enabled=true", "orders.mode=paper");

        assertThat(OrderModeCheck.run(off.orders())).isEmpty();
        assertThat(OrderModeCheck.run(live.orders()).get(0).toString()).contains("orders.mode=live");
        assertThat(OrderModeCheck.run(paper.orders()).get(0).toString()).contains("orders.mode=paper", "none is sent");
    }
}
