package dev.fairlead.gateway.faces.mcp;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which clients of the older era ask their person for us: they say so in the handshake alone, and there are no
 * sessions. A client is told by its key and its name; one that shares both and cannot ask says that when it is asked.
 */
final class Elicitors {
    private static final int MOST = 1024;

    private final Map<String, Boolean> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MOST;
        }
    };

    void heard(String holder, String agent, boolean asks) {
        known.put(key(holder, agent), asks);
    }

    boolean asks(String holder, String agent) {
        return known.getOrDefault(key(holder, agent), false);
    }

    private static String key(String holder, String agent) {
        return holder + '\n' + (agent.length() <= 200 ? agent : agent.substring(0, 200));
    }
}
