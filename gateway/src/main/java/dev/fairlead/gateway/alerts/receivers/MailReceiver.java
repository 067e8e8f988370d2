package dev.fairlead.gateway.alerts.receivers;

import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.protocol.VisibleText;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.mail.LoginOption;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailConfig;
import io.vertx.ext.mail.MailMessage;
import io.vertx.ext.mail.StartTLSOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Writes an e-mail, in plain text, through the SMTP server of the settings; a connection for each. */
final class MailReceiver implements Receiver {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int MOST_SAID = 200;

    private final MailClient client;
    private final String server;
    private final String from;
    private final List<String> to;

    MailReceiver(Vertx vertx, Settings.Alerts settings, String host) {
        MailConfig config = new MailConfig()
                .setHostname(host)
                .setPort(settings.smtpPort())
                .setSsl(settings.smtpTls() == Settings.SmtpTls.TLS)
                .setStarttls(
                        settings.smtpTls() == Settings.SmtpTls.STARTTLS
                                ? StartTLSOptions.REQUIRED
                                : StartTLSOptions.DISABLED)
                .setLogin(settings.smtpUser().isPresent() ? LoginOption.REQUIRED : LoginOption.DISABLED)
                .setKeepAlive(false)
                .setMaxPoolSize(1)
                .setUserAgent("fairlead");
        settings.smtpUser().ifPresent(config::setUsername);
        settings.smtpPassword().map(Secret::reveal).ifPresent(config::setPassword);
        this.client = MailClient.create(vertx, config);
        this.server = host + ":" + settings.smtpPort();
        this.from = settings.mailFrom().orElseThrow();
        this.to = settings.mailTo();
    }

    @Override
    public String name() {
        return "email";
    }

    @Override
    public Future<Void> send(List<Notice> notices) {
        MailMessage message = new MailMessage()
                .setFrom(from)
                .setTo(to)
                .setSubject(NoticeWords.title(notices))
                .setText(NoticeWords.lines(notices) + "\n");
        return client.sendMail(message)
                .timeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .<Void>mapEmpty()
                .recover(failure ->
                        Future.failedFuture(new Undelivered(server + ": " + why(failure), Optional.empty())));
    }

    /** The server's own words, one line of them; it is told no secret that it could repeat but the login. */
    private static String why(Throwable failure) {
        String said = Optional.ofNullable(failure.getMessage()).orElse("the connection failed");
        return VisibleText.cut(said.replaceAll("\\p{Cntrl}+", " ").strip(), MOST_SAID);
    }

    @Override
    public Future<Void> close() {
        return client.close();
    }
}
