package dev.fairlead.gateway.alerts.receivers;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.upstream.UpstreamHttp;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** The receivers that the settings name. */
public final class Receivers {
    private Receivers() {}

    public static List<Receiver> of(Vertx vertx, Settings.Alerts settings) {
        List<Receiver> receivers = new ArrayList<>();
        settings.webhookUrl()
                .map(url -> URI.create(url.reveal()))
                .ifPresent(url -> receivers.add(new WebhookReceiver(new UpstreamHttp(vertx), url)));
        settings.ntfyUrl()
                .map(url -> URI.create(url.reveal()))
                .ifPresent(url -> receivers.add(new NtfyReceiver(new UpstreamHttp(vertx), url, settings.ntfyToken())));
        settings.smtpHost().ifPresent(host -> receivers.add(new MailReceiver(vertx, settings, host)));
        return receivers;
    }
}
