package dev.fairlead.gateway.edge.access;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Which {@code Host} and {@code Origin} a request may name: the gateway's own or those listed. It stops pages of other
 * sites, and names rebound to this machine, from speaking with the browser's access.
 */
public final class HostPolicy {
    private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    private static final Pattern PORT = Pattern.compile(":\\d{1,5}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]");
    private static final int MOST_PASSED = 64;

    /** Host headers, as sent, that name a host of the settings. */
    private final Set<String> passed = ConcurrentHashMap.newKeySet();

    private final Set<String> hosts = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    private final Set<String> origins = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

    private final Transport transport;
    private final RefusalLog refusals = new RefusalLog();

    /** The policy of these settings. */
    HostPolicy(Settings.Http http, Settings.Auth auth, Transport transport) {
        this.transport = transport;
        hosts.addAll(LOOPBACK_NAMES);
        hosts.add(bracketed(http.host()));
        auth.allowedHosts().forEach(host -> hosts.add(bracketed(host)));
        auth.allowedOrigins().forEach(origin -> origins.add(stripSlash(origin)));
    }

    /**
     * Refuses what another site's page could have sent.
     *
     * @throws FairleadException {@code forbidden}, naming the setting that would allow it
     */
    void check(HttpServerRequest request) {
        List<String> named = request.headers().getAll("Host");
        List<String> origins = request.headers().getAll("Origin");
        if (origins.isEmpty() && named.size() == 1 && passed.contains(named.get(0))) {
            return;
        }
        Arrival arrival = Arrival.of(request, transport);
        try {
            String authority = checkHost(named, arrival);
            checkOrigin(origins, authority, arrival);
            remember(named.get(0));
        } catch (FairleadException refusal) {
            refusals.once(named, origins, refusal.getMessage());
            throw refusal;
        }
    }

    /**
     * Clients name the same few hosts again and again; an address of the machine is good on its own connections alone.
     */
    private void remember(String header) {
        if (passed.size() < MOST_PASSED
                && hostOf(header.trim()).filter(hosts::contains).isPresent()) {
            passed.add(header);
        }
    }

    /** Whether a request that passed names no page, or one of this gateway's own: not one that is only listed. */
    boolean isOwnPage(HttpServerRequest request) {
        String origin = request.getHeader("Origin");
        return origin == null
                || isOwn(origin.trim(), request.getHeader("Host").trim(), Arrival.of(request, transport), false);
    }

    /**
     * Checks the {@code Host} headers of a request.
     *
     * @param hostHeaders all of them
     * @param arrival whose address is own by nature
     * @return the one host with its port, as sent
     * @throws FairleadException {@code forbidden}, or {@code bad_request} where there is none or more than one
     */
    String checkHost(List<String> hostHeaders, Arrival arrival) {
        if (hostHeaders.size() != 1 || hostHeaders.get(0).isBlank()) {
            throw new FairleadException(ErrorCode.FORBIDDEN, "A request needs exactly one Host header");
        }
        String authority = hostHeaders.get(0).trim();
        String host = hostOf(authority)
                .orElseThrow(() -> new FairleadException(ErrorCode.FORBIDDEN, "The Host header is malformed"));
        if (!hosts.contains(host) && !host.equalsIgnoreCase(bracketed(arrival.address()))) {
            throw new FairleadException(
                    ErrorCode.FORBIDDEN,
                    "This gateway does not answer to the Host '" + host
                            + "'; if that is a name of its own, add it to auth.allowed_hosts");
        }
        return authority;
    }

    /**
     * Checks the {@code Origin} headers of a request that has any.
     *
     * @param authority what {@link #checkHost} returned
     * @throws FairleadException {@code forbidden}
     */
    void checkOrigin(List<String> originHeaders, String authority, Arrival arrival) {
        if (originHeaders.isEmpty()) {
            return;
        }
        String origin = originHeaders.get(0).trim();
        boolean allowed = origins.contains(stripSlash(origin)) || isOwn(origin, authority, arrival, true);
        if (originHeaders.size() > 1 || !allowed) {
            throw new FairleadException(
                    ErrorCode.FORBIDDEN,
                    "This gateway is asked as " + arrival.scheme() + "://" + authority + " by a page of another Origin."
                            + " Behind a proxy, let it pass the Host line on as it came (nginx: proxy_set_header Host"
                            + " $http_host) and set http.behind_tls_proxy=true where it speaks TLS. A page of others"
                            + " that should call, always with a token, is listed in auth.allowed_origins");
        }
    }

    /**
     * Whether it is this gateway's own page.
     *
     * @param lenient where a proxy passes the name on without the port, any port of it will do: it tells no page of
     *     ours from one at another port, so that such a request needs a credential
     */
    private boolean isOwn(String origin, String authority, Arrival arrival, boolean lenient) {
        URI uri;
        try {
            uri = URI.create(origin);
        } catch (IllegalArgumentException e) {
            return false;
        }
        if (!arrival.scheme().equalsIgnoreCase(uri.getScheme())
                || uri.getHost() == null
                || uri.getRawUserInfo() != null
                || !uri.getRawPath().isEmpty()
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null) {
            return false;
        }
        boolean ownHost = hosts.contains(uri.getHost()) || uri.getHost().equalsIgnoreCase(bracketed(arrival.address()));
        Optional<Integer> ownPort = portOf(authority);
        // A browser that is not proxied leaves out the standard port alone.
        boolean portIsLost = ownPort.isEmpty() && arrival.port() != arrival.standardPort();
        int originPort = uri.getPort() == -1 ? arrival.standardPort() : uri.getPort();
        return ownHost && (originPort == ownPort.orElse(arrival.standardPort()) || (lenient && portIsLost));
    }

    /** The host of {@code host[:port]}, an IPv6 address in brackets; empty where it is neither. */
    private static Optional<String> hostOf(String authority) {
        int end = authority.startsWith("[") ? authority.indexOf(']') + 1 : authority.indexOf(':');
        if (authority.startsWith("[") && end == 0) {
            return Optional.empty();
        }
        String host = end < 0 ? authority : authority.substring(0, end);
        String rest = end < 0 ? "" : authority.substring(end);
        boolean port = rest.isEmpty() || PORT.matcher(rest).matches();
        boolean name = NAME.matcher(host).matches();
        return port && name ? Optional.of(host) : Optional.empty();
    }

    private static Optional<Integer> portOf(String authority) {
        int colon = authority.lastIndexOf(':');
        if (colon <= authority.lastIndexOf(']')) {
            return Optional.empty();
        }
        return colon < 0 ? Optional.empty() : Optional.of(Integer.valueOf(authority.substring(colon + 1)));
    }

    private static String bracketed(String host) {
        int zone = host.indexOf('%');
        String plain = zone < 0 ? host : host.substring(0, zone);
        return plain.contains(":") && !plain.startsWith("[") ? '[' + plain + ']' : plain.toLowerCase(Locale.ROOT);
    }

    private static String stripSlash(String origin) {
        return origin.endsWith("/") ? origin.substring(0, origin.length() - 1) : origin;
    }
}
