/** The wire of Kraken. */
package dev.fairlead.gateway.upstream.kraken;
