/** The kind {@code agent:<name>}: an agent on its own socket answers, by {@code chat.turn}. */
package dev.fairlead.gateway.chat.remote;
