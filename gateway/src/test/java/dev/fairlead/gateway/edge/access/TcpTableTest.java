package dev.fairlead.gateway.edge.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TcpTableTest {
    private static final String HEAD =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
    private static final TcpEnds IPV4 = ends("127.0.0.1", 59536, "127.0.0.1", 34945);
    private static final TcpEnds IPV6 = ends("0:0:0:0:0:0:0:1", 59536, "0:0:0:0:0:0:0:1", 34945);

    @Test
    void the_peers_row_is_found_and_not_the_gateways_own() throws IOException {
        assertThat(read(
                        IPV4,
                        "   2: 0100007F:8881 0100007F:E890 01 00000000:00000000 00:00000000 00000000     0        0"
                                + " 17441 1\n"
                                + row("0100007F:E890 0100007F:8881", "01", 1000, 17440)))
                .containsExactly(Map.entry(IPV4, new TcpTable.Row(true, 1000, 17440)));
    }

    @Test
    void an_ipv4_peer_may_have_an_ipv6_socket() throws IOException {
        String mapped = "0000000000000000FFFF00000100007F";

        assertThat(read(IPV4, row(mapped + ":E890 " + mapped + ":8881", "01", 1000, 7)))
                .containsExactly(Map.entry(IPV4, new TcpTable.Row(true, 1000, 7)));
    }

    @Test
    void an_ipv6_peer_is_found() throws IOException {
        String loopback = "00000000000000000000000001000000";

        assertThat(read(IPV6, row(loopback + ":E890 " + loopback + ":8881", "01", 1000, 7)))
                .containsExactly(Map.entry(IPV6, new TcpTable.Row(true, 1000, 7)));
    }

    @ParameterizedTest
    @CsvSource({
        "01, 0", // closed: the row shows uid 0, whoever's it was
        "06, 0", // TIME_WAIT
        "04, 17440", // FIN_WAIT1
        "08, 17440" // CLOSE_WAIT
    })
    void a_socket_that_is_not_established_or_nobody_holds_is_not_open(String state, long inode) throws IOException {
        assertThat(read(IPV4, row("0100007F:E890 0100007F:8881", state, 0, inode))
                        .get(IPV4)
                        .open())
                .isFalse();
    }

    @Test
    void a_large_uid_is_read_whole_and_what_is_no_row_is_passed_over() throws IOException {
        assertThat(read(IPV4, "nonsense\n\n" + row("0100007F:E890 0100007F:8881", "01", 4_294_967_294L, 1))
                        .get(IPV4)
                        .uid())
                .isEqualTo(4_294_967_294L);
    }

    @Test
    void without_a_row_nothing_is_found() throws IOException {
        TcpTable table = new TcpTable(List.of(IPV4), ByteOrder.LITTLE_ENDIAN);
        table.read(new StringReader(HEAD + row("0100007F:E891 0100007F:8881", "01", 0, 1)));

        assertThat(table.found()).isEmpty();
        assertThat(table.isComplete()).isFalse();
    }

    @Test
    void words_are_printed_in_the_machines_own_order() {
        assertThat(IPV4.columns(ByteOrder.BIG_ENDIAN))
                .containsExactly(
                        "7F000001:E890 7F000001:8881",
                        "00000000000000000000FFFF7F000001:E890 00000000000000000000FFFF7F000001:8881");
    }

    private static Map<TcpEnds, TcpTable.Row> read(TcpEnds wanted, String rows) throws IOException {
        TcpTable table = new TcpTable(List.of(wanted), ByteOrder.LITTLE_ENDIAN);
        table.read(new StringReader(HEAD + rows));
        assertThat(table.isComplete()).isTrue();
        return table.found();
    }

    private static String row(String addresses, String state, long uid, long inode) {
        return "   3: " + addresses + " " + state + " 00000000:00000000 00:00000000 00000000 " + uid + "        0 "
                + inode + " 2 000000009fadfe26 20 0 0 10 -1\n";
    }

    private static TcpEnds ends(String peer, int peerPort, String gateway, int gatewayPort) {
        return new TcpEnds(new TcpEnds.End(peer, peerPort), new TcpEnds.End(gateway, gatewayPort));
    }
}
