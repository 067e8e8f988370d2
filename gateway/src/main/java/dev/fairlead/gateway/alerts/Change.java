package dev.fairlead.gateway.alerts;

import dev.fairlead.gateway.alerts.receivers.Notice;
import java.util.Optional;

/**
 * What became of an alert: to be kept and shown.
 *
 * @param tell what the receivers are told of it; empty where it is silenced, or they know
 */
record Change(Alert alert, Optional<Notice.Status> tell) {}
