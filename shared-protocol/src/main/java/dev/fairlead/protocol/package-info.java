/**
 * What both ends of a wire agree on: error and close codes, subjects, names, positions in a stream, envelopes, frames
 * and how they are encoded. Everything here is immutable and safe for use by any thread, unless a type says otherwise.
 */
package dev.fairlead.protocol;
