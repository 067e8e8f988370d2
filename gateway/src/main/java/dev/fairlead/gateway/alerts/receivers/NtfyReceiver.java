package dev.fairlead.gateway.alerts.receivers;

import dev.fairlead.gateway.settings.AlertRule;
import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.upstream.UpstreamHttp;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Publishes to a topic of ntfy, or of what speaks its protocol: the text is the body, the rest stands in headers. */
final class NtfyReceiver implements Receiver {
    /** A server takes 4,096 bytes as a message; more it takes for a file, and refuses where it keeps none. */
    private static final int MOST_BYTES = 3_900;

    private static final String HIGH = "high";
    private static final String USUAL = "default";

    private final UpstreamHttp http;
    private final URI topic;
    private final Optional<Secret> token;

    NtfyReceiver(UpstreamHttp http, URI topic, Optional<Secret> token) {
        this.http = http;
        this.topic = topic;
        this.token = token;
    }

    @Override
    public String name() {
        return "ntfy";
    }

    @Override
    public Future<Void> send(List<Notice> notices) {
        Map<String, String> headers = new HashMap<>();
        headers.put("Title", NoticeWords.title(notices));
        headers.put("Priority", notices.stream().anyMatch(NtfyReceiver::isUrgent) ? HIGH : USUAL);
        headers.put(
                "Tags",
                notices.stream().anyMatch(one -> one.status() == Notice.Status.FIRING)
                        ? "warning"
                        : "white_check_mark");
        token.ifPresent(secret -> headers.put("Authorization", "Bearer " + secret.reveal()));
        return http.post(
                        topic,
                        "text/plain; charset=utf-8",
                        headers,
                        Buffer.buffer(NoticeWords.lines(notices, MOST_BYTES)))
                .compose(answer -> answer.status() / 100 == 2
                        ? Future.succeededFuture()
                        : Future.failedFuture(Undelivered.answered(topic.getHost(), answer)));
    }

    private static boolean isUrgent(Notice notice) {
        return notice.status() == Notice.Status.FIRING && notice.severity() == AlertRule.Severity.CRITICAL;
    }

    @Override
    public Future<Void> close() {
        return http.close();
    }
}
