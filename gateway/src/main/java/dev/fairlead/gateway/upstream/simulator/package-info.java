/** Both providers on real sockets, strict by default and faulty on demand: for development, demonstration and tests. */
package dev.fairlead.gateway.upstream.simulator;
