/** The wire of tastytrade. */
package dev.fairlead.gateway.upstream.tastytrade;
