/**
 * How what concerns decide becomes true: {@link dev.fairlead.gateway.ledger.Ledger} commits it and then lets it be
 * seen. And the time by which what is kept is judged: it never goes back, and a wall clock that leaps does not move it.
 */
package dev.fairlead.gateway.ledger;
