/**
 * The load generator behind the published figures: the gateway and a bare Vert.x server that does the same with no
 * features, each a process of its own, measured by turns in one run.
 */
package dev.fairlead.gateway.bench;
