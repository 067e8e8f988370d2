/** Typed settings: their table, their sources (defaults, file, environment, command line), their checks. */
package dev.fairlead.gateway.settings;
