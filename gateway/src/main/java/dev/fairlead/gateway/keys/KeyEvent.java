package dev.fairlead.gateway.keys;

import dev.fairlead.gateway.bus.Event;

/** News of keys, told when it is committed; never a key. */
public sealed interface KeyEvent extends Event {
    /** It is good for nothing any more: what it holds open ends. */
    record Revoked(String id) implements KeyEvent {}
}
