package dev.fairlead.gateway.edge.intake;

import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HexFormat;

/**
 * Who counts as one where each address has a share: an IPv4 address, or the /64 network of an IPv6 address, since
 * whoever has one address of it has all. An IPv4 address that is written as an IPv6 one is the same as itself. Pure.
 */
public final class AddressShare {
    private static final int V4_BYTES = 4;
    private static final int NETWORK_BYTES = 8; // /64

    private AddressShare() {}

    /** Of an address in digits; what is none, such as the path of a local socket, is its own. */
    public static String of(String address) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        return bytes == null ? address : of(bytes);
    }

    /** Of a peer. */
    static String of(SocketAddress peer) {
        return peer instanceof InetSocketAddress inet && inet.getAddress() != null
                ? of(inet.getAddress().getAddress())
                : String.valueOf(peer);
    }

    private static String of(byte[] address) {
        if (address.length == V4_BYTES) {
            return dotted(address, 0);
        }
        boolean mapped = address[10] == -1 && address[11] == -1;
        for (int i = 0; i < 10 && mapped; i++) {
            mapped = address[i] == 0;
        }
        return mapped
                ? dotted(address, address.length - V4_BYTES)
                : HexFormat.ofDelimiter(":").formatHex(address, 0, NETWORK_BYTES) + "::/64";
    }

    private static String dotted(byte[] address, int from) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < from + V4_BYTES; i++) {
            text.append(text.isEmpty() ? "" : ".").append(address[i] & 0xFF);
        }
        return text.toString();
    }
}
