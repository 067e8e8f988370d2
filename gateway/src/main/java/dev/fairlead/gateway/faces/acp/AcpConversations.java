package dev.fairlead.gateway.faces.acp;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** All conversations with one agent, the sessions of earlier runs too. Confined to one event loop. */
final class AcpConversations {
    /** Conversations that are at hand; of those beyond, the longest unused is opened anew when it is needed. */
    static final int MOST_OPEN = 256;

    /** Sessions that are kept over restarts. */
    static final int MOST_KEPT = 1_000;

    private final Map<String, AcpConversation> conversations = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<String, AcpConversation> sessions = new HashMap<>();
    private final Map<String, String> kept;
    private final Consumer<Map<String, String>> keep;

    /**
     * Conversations of which none is open.
     *
     * @param kept session ids by conversation, oldest first
     * @param keep has them kept
     */
    AcpConversations(Map<String, String> kept, Consumer<Map<String, String>> keep) {
        this.kept = new LinkedHashMap<>(kept);
        this.keep = keep;
    }

    AcpConversation get(String key) {
        AcpConversation conversation = conversations.computeIfAbsent(key, AcpConversation::new);
        if (conversations.size() > MOST_OPEN) {
            conversations.values().stream()
                    .filter(one -> one.isIdle() && one != conversation)
                    .findFirst()
                    .ifPresent(unused -> {
                        conversations.remove(unused.key());
                        unused.session().ifPresent(sessions::remove);
                    });
        }
        return conversation;
    }

    /** The one a session belongs to. */
    Optional<AcpConversation> find(String session) {
        return Optional.ofNullable(sessions.get(session));
    }

    /** The session of an earlier run. */
    Optional<String> kept(String key) {
        return Optional.ofNullable(kept.get(key));
    }

    void open(AcpConversation conversation, String session) {
        conversation.session(Optional.of(session));
        sessions.put(session, conversation);
        if (!session.equals(kept.remove(conversation.key()))) {
            kept.put(conversation.key(), session);
            if (kept.size() > MOST_KEPT) {
                kept.remove(kept.keySet().iterator().next());
            }
            keep.accept(new LinkedHashMap<>(kept));
        } else {
            kept.put(conversation.key(), session);
        }
    }

    /** Its session is none any more. */
    void close(AcpConversation conversation) {
        conversation.session().ifPresent(sessions::remove);
        conversation.session(Optional.empty());
    }
}
