/** The providers' wires behind small interfaces; no rule of any concern. */
package dev.fairlead.gateway.upstream;
