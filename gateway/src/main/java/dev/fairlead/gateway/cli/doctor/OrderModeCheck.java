package dev.fairlead.gateway.cli.doctor;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.protocol.OrderMode;
import java.util.List;

/** Whether orders go to the market or stay on paper: who thinks the one and has the other is told. */
final class OrderModeCheck {
    private static final String SUBJECT = "orders";

    private OrderModeCheck() {}

    static List<Finding> run(Settings.Orders orders) {
        if (!orders.enabled()) {
            return List.of();
        }
        return List.of(
                orders.mode() == OrderMode.PAPER
                        ? Finding.good(
                                SUBJECT,
                                "on paper (orders.mode=paper): filled here against the live quote, none is sent")
                        : Finding.good(SUBJECT, "live (orders.mode=live): they are sent to the upstream's market"));
    }
}
