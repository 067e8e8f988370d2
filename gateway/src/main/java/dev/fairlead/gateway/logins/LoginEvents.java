package dev.fairlead.gateway.logins;

import dev.fairlead.gateway.bus.Event;
import java.util.Set;

/** What the edges must know of logins. */
public sealed interface LoginEvents extends Event {
    /** These sessions are over: nothing they opened may go on. */
    record Ended(Set<String> ids, String why) implements LoginEvents {
        public Ended {
            ids = Set.copyOf(ids);
        }
    }
}
