package dev.fairlead.gateway.edge.access;

import io.netty.util.NetUtil;
import io.vertx.core.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Both ends of a TCP connection, as seen by the peer: its own first. Addresses in digits.
 *
 * @param peer where the peer's socket is bound
 * @param gateway where it is connected to
 */
record TcpEnds(End peer, End gateway) {
    private static final String MAPPED = "0000000000000000FFFF0000";
    private static final int IPV4_BYTES = 4;

    record End(String address, int port) {
        static Optional<End> of(SocketAddress address) {
            return Optional.ofNullable(address)
                    .filter(one -> one.hostAddress() != null)
                    .map(one -> new End(one.hostAddress(), one.port()));
        }
    }

    /**
     * The columns {@code local_address} and {@code rem_address} of the row that the kernel may have for the peer's
     * socket: one of IPv4 may be an IPv6 socket's with a mapped address.
     */
    List<String> columns(ByteOrder order) {
        byte[] from = NetUtil.createByteArrayFromIpAddressString(peer.address());
        byte[] to = NetUtil.createByteArrayFromIpAddressString(gateway.address());
        if (from == null || to == null || from.length != to.length) {
            return List.of();
        }
        List<String> columns = new ArrayList<>();
        columns.add(column(hex(from, order), peer.port()) + ' ' + column(hex(to, order), gateway.port()));
        if (from.length == IPV4_BYTES) {
            columns.add(column(mapped(from, order), peer.port()) + ' ' + column(mapped(to, order), gateway.port()));
        }
        return columns;
    }

    private static String mapped(byte[] ipv4, ByteOrder order) {
        return (order == ByteOrder.LITTLE_ENDIAN ? MAPPED : "00000000000000000000FFFF") + hex(ipv4, order);
    }

    private static String column(String address, int port) {
        return address + String.format(Locale.ROOT, ":%04X", port);
    }

    /** The kernel prints each word of four bytes as the number it is on that machine. */
    private static String hex(byte[] address, ByteOrder order) {
        ByteBuffer words = ByteBuffer.wrap(address).order(order);
        StringBuilder hex = new StringBuilder();
        while (words.hasRemaining()) {
            hex.append(String.format(Locale.ROOT, "%08X", words.getInt()));
        }
        return hex.toString();
    }
}
