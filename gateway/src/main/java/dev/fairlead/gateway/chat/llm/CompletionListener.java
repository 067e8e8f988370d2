package dev.fairlead.gateway.chat.llm;

import java.time.Duration;

/** Hears an answer as it comes, on the event loop that asked. */
interface CompletionListener {
    /** A piece of the answer. */
    void content(String piece);

    /** A piece of what the model says to itself before it answers. */
    void thinking(String piece);

    /** The endpoint is asked again after {@code delay}; nothing of an answer had come. */
    void retrying(ModelFailure failure, Duration delay);
}
