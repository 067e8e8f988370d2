/**
 * What {@code serve --demo} adds to a gateway: settings that reach nothing real, and sample instances. The programs of
 * those are in {@code demo.agent}.
 */
package dev.fairlead.gateway.demo;
