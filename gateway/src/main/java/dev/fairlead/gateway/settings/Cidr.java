package dev.fairlead.gateway.settings;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A range of addresses, as {@code 10.0.0.0/8}, {@code fd00::/8} or one address alone.
 *
 * @param prefix the first address of the range, whose further bits are 0
 * @param bits how many of its bits all addresses of the range share
 */
public record Cidr(InetAddress prefix, int bits) {
    static final String ACCEPTS = "a range of addresses such as 10.0.0.0/8, fd00::/8 or 192.0.2.7";
    private static final Pattern V4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*");

    /**
     * Those of this machine, 127.0.0.0/8 and ::1. Made of bytes: what reads digits brings the network's library and its
     * log along, a tenth of what a command takes that only looks at settings.
     */
    static List<Cidr> loopback() {
        byte[] six = new byte[16];
        six[six.length - 1] = 1;
        try {
            return List.of(
                    new Cidr(InetAddress.getByAddress(new byte[] {127, 0, 0, 0}), Byte.SIZE),
                    new Cidr(InetAddress.getByAddress(six), six.length * Byte.SIZE));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 and 16 bytes are addresses", e);
        }
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException that says what is accepted
     */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        InetAddress address = address(slash < 0 ? text : text.substring(0, slash))
                .orElseThrow(() -> new IllegalArgumentException(ACCEPTS));
        int most = address.getAddress().length * Byte.SIZE;
        String bits = slash < 0 ? Integer.toString(most) : text.substring(slash + 1);
        if (!bits.matches("\\d{1,3}") || Integer.parseInt(bits) > most) {
            throw new IllegalArgumentException(ACCEPTS);
        }
        return new Cidr(address, Integer.parseInt(bits));
    }

    /** An address in digits; empty for anything else, so that no name server is ever asked. */
    public static Optional<InetAddress> address(String digits) {
        if (!V4.matcher(digits).matches() && !V6.matcher(digits).matches()) {
            return Optional.empty();
        }
        // InetAddress.getByName takes digits that are no address, 999.1.1.1, for a name, and waits for name servers.
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(digits);
        try {
            return bytes == null ? Optional.empty() : Optional.of(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** Whether the address is of this range. */
    public boolean contains(InetAddress address) {
        byte[] mine = prefix.getAddress();
        byte[] other = address.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        int whole = bits / Byte.SIZE;
        int rest = bits % Byte.SIZE;
        int mask = (0xFF << (Byte.SIZE - rest)) & 0xFF;
        return Arrays.equals(mine, 0, whole, other, 0, whole)
                && (rest == 0 || (mine[whole] & mask) == (other[whole] & mask));
    }
}
