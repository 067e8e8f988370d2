/** Who is told of alerts, outside the gateway: webhook, ntfy, e-mail. */
package dev.fairlead.gateway.alerts.receivers;
