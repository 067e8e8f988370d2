/**
 * Who may come in: the key that signs tokens, their issue and check, the admin password, the limit on wrong passwords.
 * A library room: no verticle, no state of any concern.
 */
package dev.fairlead.gateway.auth;
