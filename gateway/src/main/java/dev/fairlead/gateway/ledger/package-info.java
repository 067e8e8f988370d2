/** Time as it is reckoned with for what is kept: it never goes back, and a wall clock that leaps does not move it. */
package dev.fairlead.gateway.ledger;
