/**
 * Quotes: streamed from the upstream's feed, by single calls where that has none. Other rooms hear {@code MarketEvent}.
 */
package dev.fairlead.gateway.market;
