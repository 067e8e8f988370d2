/** The upstream token: fetched, renewed before it ends, its state told. Other rooms hear {@code TokenEvent}. */
package dev.fairlead.gateway.tokens;
