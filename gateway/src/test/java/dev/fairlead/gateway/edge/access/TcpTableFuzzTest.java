package dev.fairlead.gateway.edge.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A table of sockets of any content is read to its end, and only a whole row of an open socket tells an owner. */
class TcpTableFuzzTest {
    private static final TcpEnds ENDS =
            new TcpEnds(new TcpEnds.End("127.0.0.1", 59_536), new TcpEnds.End("127.0.0.1", 34_945));

    @FuzzTest(maxDuration = "6s")
    void tables(byte[] bytes) throws IOException {
        TcpTable table = new TcpTable(List.of(ENDS), ByteOrder.LITTLE_ENDIAN);

        table.read(new StringReader(new String(bytes, StandardCharsets.ISO_8859_1)));

        assertThat(table.isComplete()).isEqualTo(table.found().containsKey(ENDS));
        table.found().forEach((ends, row) -> {
            assertThat(ends).isEqualTo(ENDS);
            assertThat(row.open() && row.inode() == 0).isFalse();
        });
    }
}
