/**
 * Orders on paper: the market they are filled in, and the account that comes of it. Nothing in here reaches an
 * upstream.
 */
package dev.fairlead.gateway.orders.paper;
