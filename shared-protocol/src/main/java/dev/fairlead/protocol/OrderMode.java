package dev.fairlead.protocol;

/** What an order is placed with. */
public enum OrderMode implements WireEnum {
    /** The upstream's market. */
    LIVE,
    /** Paper: filled by the gateway itself against the live quote; nothing is sent. */
    PAPER
}
