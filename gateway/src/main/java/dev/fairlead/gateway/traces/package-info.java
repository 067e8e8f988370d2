/**
 * What is told to a collector of traces: spans named by OpenTelemetry's conventions, and what was said in them only
 * where the settings ask for it. Where in a trace one is goes along as text ({@code traceparent}) with whatever is
 * stored or sent, so that a trace goes on over sockets, restarts and other programs.
 */
package dev.fairlead.gateway.traces;
