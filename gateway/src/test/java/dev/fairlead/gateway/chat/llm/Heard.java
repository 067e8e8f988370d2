package dev.fairlead.gateway.chat.llm;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what a model says. */
final class Heard implements CompletionListener {
    final List<String> content = new CopyOnWriteArrayList<>();
    final List<String> thinking = new CopyOnWriteArrayList<>();
    final List<ModelFailure.Kind> retried = new CopyOnWriteArrayList<>();
    final List<Duration> delays = new CopyOnWriteArrayList<>();

    @Override
    public void content(String piece) {
        content.add(piece);
    }

    @Override
    public void thinking(String piece) {
        thinking.add(piece);
    }

    @Override
    public void retrying(ModelFailure failure, Duration delay) {
        retried.add(failure.kind());
        delays.add(delay);
    }
}
