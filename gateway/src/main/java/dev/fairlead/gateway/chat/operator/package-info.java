/**
 * The kind {@code operator}: understands commands and plain questions by a small grammar, without any model, and
 * answers from what the gateway's tools say.
 */
package dev.fairlead.gateway.chat.operator;
