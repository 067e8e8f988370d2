package dev.fairlead.gateway.alerts;

import dev.fairlead.gateway.alerts.receivers.Notice;
import java.util.Optional;

/**
 * What became of an alert: to be kept and shown.
 *
 * @param news whether it begins, ends or is told only now; it merely happened again otherwise
 * @param tell what the receivers are told of it; empty where it is silenced, or they know
 */
record Change(Alert alert, boolean news, Optional<Notice.Status> tell) {}
