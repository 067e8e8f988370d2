package dev.fairlead.gateway.edge.access;

import dev.fairlead.gateway.settings.Cidr;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Tells the client's own address from those of the proxies in between: of {@code X-Forwarded-For} the rightmost that is
 * no trusted proxy's counts, since whoever is left of it was told by somebody nobody trusts. For limits and the audit
 * trail alone: an address lets nobody in. Pure.
 */
final class ClientAddress {
    private final List<Cidr> proxies;

    ClientAddress(List<Cidr> proxies) {
        this.proxies = List.copyOf(proxies);
    }

    /**
     * The client's address, in digits.
     *
     * @param peer the address at the other end of the connection
     * @param forwardedFor the lines {@code X-Forwarded-For}, in their order
     */
    String of(String peer, List<String> forwardedFor) {
        if (forwardedFor.isEmpty() || !isProxy(peer)) {
            return peer;
        }
        List<String> hops = new ArrayList<>();
        forwardedFor.forEach(line -> hops.addAll(List.of(line.split(",", -1))));
        Collections.reverse(hops);
        String nearest = peer;
        for (String hop : hops) {
            Optional<String> address = digits(hop.strip());
            if (address.isEmpty()) {
                return nearest;
            }
            nearest = address.get();
            if (!isProxy(nearest)) {
                return nearest;
            }
        }
        return nearest;
    }

    private boolean isProxy(String digits) {
        Optional<InetAddress> address = Cidr.address(digits);
        return address.isPresent() && proxies.stream().anyMatch(range -> range.contains(address.get()));
    }

    /** Some proxies add the port: {@code 192.0.2.7:4711}, {@code [2001:db8::7]:4711}. */
    private static Optional<String> digits(String hop) {
        String bare = hop;
        if (hop.startsWith("[") && hop.contains("]")) {
            bare = hop.substring(1, hop.indexOf(']'));
        } else if (hop.indexOf(':') > 0 && hop.indexOf(':') == hop.lastIndexOf(':')) {
            bare = hop.substring(0, hop.indexOf(':'));
        }
        return Cidr.address(bare).map(InetAddress::getHostAddress);
    }
}
