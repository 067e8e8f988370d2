/** Keys for the faces: made, listed and revoked by the operator, each good at its own face alone. */
package dev.fairlead.gateway.keys;
