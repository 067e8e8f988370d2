package dev.fairlead.gateway.demo;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.upstream.simulator.SimulatedAccount;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The settings of a demo. They outrank file and environment, so that nothing real is reached by accident. */
public final class DemoSettings {
    private static final List<String> SYMBOLS = List.of("SPX", "NDX", "AAPL", "MSFT", "TSLA", "SPY");

    private DemoSettings() {}

    /** Keys and their values; the simulator's address is not among them. */
    public static Map<String, String> presets() {
        Map<String, String> presets = new LinkedHashMap<>();
        presets.put("data_dir", "~/.fairlead-demo");
        presets.put("db.url", "");
        presets.put("db.user", "");
        presets.put("db.password", "");
        presets.put("cluster.enabled", "false");
        presets.put("upstream.kind", "simulator");
        presets.put("quotes.symbols", String.join(",", SYMBOLS));
        presets.put("orders.enabled", "true");
        presets.put("orders.account", SimulatedAccount.ACCOUNT);
        presets.put("orders.confirm", "always");
        presets.put("orders.symbols", "");
        return presets;
    }

    /** Whether the sample agents, which submit orders, can do no harm under these settings. */
    public static boolean isHarmless(Settings settings) {
        return settings.upstream().kind() == Settings.UpstreamKind.SIMULATOR;
    }
}
