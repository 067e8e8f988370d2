package dev.fairlead.gateway.alerts.receivers;

import dev.fairlead.gateway.upstream.UpstreamHttp;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * Posts JSON to an address of the operator's: {@code text} for people, {@code alerts} for programs. The address comes
 * from the settings alone, no call can name one, and no redirect is followed.
 */
final class WebhookReceiver implements Receiver {
    private record Body(String text, List<Notice> alerts) {}

    private final UpstreamHttp http;
    private final URI uri;

    WebhookReceiver(UpstreamHttp http, URI uri) {
        this.http = http;
        this.uri = uri;
    }

    @Override
    public String name() {
        return "webhook";
    }

    @Override
    public Future<Void> send(List<Notice> notices) {
        Body body = new Body(NoticeWords.lines(notices), notices);
        return http.post(uri, "application/json", Map.of(), Buffer.buffer(FrameCodec.encode(body)))
                .compose(answer -> answer.status() / 100 == 2
                        ? Future.succeededFuture()
                        : Future.failedFuture(Undelivered.answered(uri.getHost(), answer)));
    }

    @Override
    public Future<Void> close() {
        return http.close();
    }
}
