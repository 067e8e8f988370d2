package dev.fairlead.gateway.upstream;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.upstream.kraken.KrakenOrders;
import dev.fairlead.gateway.upstream.kraken.KrakenPrivateConnection;
import dev.fairlead.gateway.upstream.kraken.KrakenRest;
import dev.fairlead.gateway.upstream.kraken.KrakenTokens;
import dev.fairlead.gateway.upstream.simulator.SimulatedAccount;
import dev.fairlead.gateway.upstream.tastytrade.TastytradeOrders;
import dev.fairlead.gateway.upstream.tastytrade.TastytradeRest;
import dev.fairlead.gateway.upstream.tastytrade.TastytradeTokens;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.Optional;

/**
 * The configured upstream as this node reaches it: one of each, shared by the concerns, since a provider counts calls
 * and connections by account and not by concern.
 *
 * @param tokens empty without credentials
 * @param connection what the token needs besides; empty where it needs nothing
 * @param brokerage empty where orders cannot be placed
 */
public record UpstreamWire(
        UpstreamHttp http,
        Optional<TokenSource> tokens,
        Optional<PrivateConnection> connection,
        Optional<Brokerage> brokerage) {

    /** The wire that settings and credentials ask for. */
    public static UpstreamWire of(
            Vertx vertx, Settings settings, UpstreamCredentials credentials, UpstreamSession session, TimeSource time) {
        UpstreamHttp http = new UpstreamHttp(vertx);
        Optional<URI> baseUrl = UpstreamAddress.of(settings.upstream());
        if (credentials instanceof UpstreamCredentials.Tastytrade tastytrade) {
            Optional<String> account = account(settings);
            TastytradeRest rest = new TastytradeRest(http, tastytrade, settings.upstream());
            return new UpstreamWire(
                    http,
                    Optional.of(new TastytradeTokens(rest)),
                    Optional.empty(),
                    account.map(number -> new TastytradeOrders(rest, session, number)));
        }
        if (credentials instanceof UpstreamCredentials.Kraken kraken) {
            KrakenRest rest = new KrakenRest(vertx, http, time, kraken, baseUrl);
            KrakenPrivateConnection connection = new KrakenPrivateConnection(vertx, time, baseUrl);
            return new UpstreamWire(
                    http,
                    Optional.of(new KrakenTokens(rest)),
                    Optional.of(connection),
                    Optional.of(new KrakenOrders(connection, rest)));
        }
        return new UpstreamWire(http, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The account orders go to: the one of the settings, else the only one the simulator has. */
    private static Optional<String> account(Settings settings) {
        return settings.upstream().kind() == Settings.UpstreamKind.SIMULATOR
                ? Optional.of(settings.orders().account().orElse(SimulatedAccount.ACCOUNT))
                : settings.orders().account();
    }

    public Future<Void> close() {
        return http.close();
    }
}
