package dev.fairlead.gateway.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("attack")
class CidrTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.1, false",
        "192.168.0.0/23, 192.168.1.255, true",
        "192.168.0.0/23, 192.168.2.0, false",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.8, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "fd00::/8, fdff::1, true",
        "fd00::/8, fe00::1, false",
        "::1, 0:0:0:0:0:0:0:1, true",
        "10.0.0.0/8, fd00::1, false"
    })
    void it_knows_its_addresses(String range, String address, boolean contained) {
        assertThat(Cidr.parse(range).contains(Cidr.address(address).orElseThrow()))
                .isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "proxy.example", "10.0.0.0/33", "fd00::/129", "10.0.0/8", "10.0.0.256", "10.0.0.0/", "1"})
    void what_is_no_range_is_refused_and_no_name_server_is_asked(String text) {
        assertThatThrownBy(() -> Cidr.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10.0.0.0/8");
    }

    /** A JVM of its own, whose names come from a file: one that has what was asked for as a name would be answered. */
    @Test
    void digits_that_are_no_address_are_not_looked_up_as_a_name(@TempDir Path folder) throws Exception {
        List<String> odd = List.of("999.1.1.1", "1.2.3.256", ".::1", "..:1:");
        Path names = Files.writeString(folder.resolve("hosts"), "192.0.2.66 " + String.join(" ", odd) + "\n");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djdk.net.hosts.file=" + names,
                Asked.class.getName()));
        command.addAll(odd);
        command.add("192.0.2.7");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .put(
                        "CLASSPATH",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        Process asked = builder.start();

        assertThat(asked.inputReader().lines().toList()).containsExactly("none", "none", "none", "none", "192.0.2.7");
    }

    /** Prints what each argument is taken for. */
    static final class Asked {
        public static void main(String[] arguments) {
            for (String text : arguments) {
                System.out.println(
                        Cidr.address(text).map(InetAddress::getHostAddress).orElse("none"));
            }
        }
    }

    @Test
    void behind_a_proxy_on_this_machine_loopback_is_trusted_and_else_nobody() {
        assertThat(Settings.of().http().proxies()).isEmpty();
        assertThat(Settings.of("http.behind_tls_proxy=true").http().proxies())
                .isEqualTo(List.of(Cidr.parse("127.0.0.0/8"), Cidr.parse("::1")));
        assertThat(Settings.of("http.behind_tls_proxy=true", "http.trusted_proxies=10.0.0.0/8")
                        .http()
                        .proxies())
                .containsExactly(Cidr.parse("10.0.0.0/8"));
        assertThatThrownBy(() -> Settings.of("http.trusted_proxies=nginx"))
                .hasMessageContaining("http.trusted_proxies")
                .hasMessageContaining("10.0.0.0/8");
    }

    @Test
    void this_machine_is_what_its_digits_say() {
        assertThat(Cidr.loopback()).containsExactly(Cidr.parse("127.0.0.0/8"), Cidr.parse("::1"));
    }
}
