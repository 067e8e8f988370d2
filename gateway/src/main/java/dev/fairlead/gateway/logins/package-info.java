/**
 * Browsers' sessions: who is logged in, since when, from where; ends them one by one, all others, and every one with a
 * change of the admin password.
 */
package dev.fairlead.gateway.logins;
