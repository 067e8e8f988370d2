package dev.fairlead.gateway.bus;

/**
 * How well this node hears another, told at this node's place: whoever keeps a picture of what other nodes tell draws
 * that node's part anew.
 */
public sealed interface PeerEvent extends NodeEvent {
    String node();

    /** A node is heard for the first time, or for the first time in a new life. */
    record Began(String node, long epoch) implements PeerEvent {}

    /** That many messages of a node were lost on the way, between the one before and the next. */
    record Missed(String node, long count) implements PeerEvent {}
}
