/**
 * What is told to a collector of traces: spans named by OpenTelemetry's conventions, never what anybody said. Where in
 * a trace one is goes along as text ({@code traceparent}) with whatever is stored or sent, so that a trace goes on over
 * sockets, restarts and other programs.
 */
package dev.fairlead.gateway.traces;
