/** What {@code doctor} looks at, one class a concern. No check changes anything. */
package dev.fairlead.gateway.cli.doctor;
