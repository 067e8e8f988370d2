package dev.fairlead.gateway.alerts;

import dev.fairlead.gateway.alerts.receivers.Notice;
import dev.fairlead.gateway.settings.AlertRule;
import dev.fairlead.gateway.store.Columns;
import dev.fairlead.gateway.store.WriteConnection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What is kept of alerts. Every method is one unit of a write transaction. */
final class AlertRows {
    /** Alerts that are over, removed at a time. */
    static final int PRUNE_BATCH = 500;

    private static final String COLUMNS =
            "alert_id, rule_id, kind, subject, summary, started_at, resolved_at, occurred, told";
    private static final String FIRING = "SELECT " + COLUMNS + " FROM alerts WHERE resolved_at IS NULL";
    private static final String OVER = "SELECT " + COLUMNS
            + " FROM alerts WHERE resolved_at IS NOT NULL ORDER BY resolved_at DESC LIMIT " + Alerts.MOST_RESOLVED;
    private static final String WAITING =
            "SELECT n.receiver AS receiver, n.status AS status, a.alert_id, a.rule_id, a.kind, a.subject, a.summary,"
                    + " a.started_at, a.resolved_at, a.occurred, a.told FROM alert_notices n"
                    + " JOIN alerts a ON a.alert_id = n.alert_id ORDER BY a.started_at";
    private static final String REMOVE = "DELETE FROM alerts WHERE alert_id = ?";
    private static final String ADD = "INSERT INTO alerts (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String REMOVE_NOTICE = "DELETE FROM alert_notices WHERE alert_id = ? AND receiver = ?";
    private static final String SETTLE_NOTICE = REMOVE_NOTICE + " AND status = ?";
    private static final String ADD_NOTICE = "INSERT INTO alert_notices (alert_id, receiver, status) VALUES (?, ?, ?)";
    private static final String RECEIVERS = "SELECT DISTINCT receiver FROM alert_notices";
    private static final String REMOVE_RECEIVER = "DELETE FROM alert_notices WHERE receiver = ?";
    private static final String PRUNE = "DELETE FROM alerts WHERE alert_id IN (SELECT alert_id FROM alerts"
            + " WHERE resolved_at < ? AND alert_id NOT IN (SELECT alert_id FROM alert_notices)"
            + " ORDER BY resolved_at LIMIT ?)";
    private static final String RULES = "SELECT written FROM alert_rules ORDER BY rule_id";
    private static final String ADD_RULE = "INSERT INTO alert_rules (rule_id, written) VALUES (?, ?)";
    private static final String REMOVE_RULE = "DELETE FROM alert_rules WHERE rule_id = ?";
    private static final String SILENCES = "SELECT target, silent_until FROM alert_silences";
    private static final String ADD_SILENCE = "INSERT INTO alert_silences (target, silent_until) VALUES (?, ?)";
    private static final String REMOVE_SILENCE = "DELETE FROM alert_silences WHERE target = ?";
    private static final String PRUNE_SILENCES = "DELETE FROM alert_silences WHERE silent_until < ?";

    private AlertRows() {}

    /** A notice that waits for its receiver. */
    record Waiting(String receiver, Notice.Status status, Alert alert) {}

    /** All there is at a start. */
    record Kept(List<Alert> alerts, List<Waiting> notices, List<String> rules, Map<String, Instant> silences) {}

    /** All there is at a start; what waits for a receiver that is no more among these is given up. */
    static Kept begin(WriteConnection c, Collection<String> receivers) throws SQLException {
        for (String receiver : c.query(RECEIVERS, row -> row.string("receiver"))) {
            if (!receivers.contains(receiver)) {
                c.update(REMOVE_RECEIVER, receiver);
            }
        }
        return all(c);
    }

    static Kept all(WriteConnection c) throws SQLException {
        List<Alert> alerts = new ArrayList<>(c.query(OVER, AlertRows::alert));
        Collections.reverse(alerts); // the oldest is shown last
        alerts.addAll(c.query(FIRING, AlertRows::alert));
        Map<String, Instant> silences = new TreeMap<>();
        c.query(SILENCES, row -> silences.put(row.string("target"), row.instant("silent_until")));
        return new Kept(
                alerts, c.query(WAITING, AlertRows::waiting), c.query(RULES, row -> row.string("written")), silences);
    }

    /** Keeps an alert as it is now. */
    static void put(WriteConnection c, Alert alert) throws SQLException {
        c.update(REMOVE, alert.id());
        c.update(
                ADD,
                alert.id(),
                alert.rule(),
                alert.kind().wire(),
                alert.subject(),
                alert.summary(),
                alert.startedAt(),
                alert.resolvedAt(),
                alert.count(),
                alert.told());
    }

    /** Keeps that receivers are to be told; what they were to be told of the alert before is void. */
    static void owe(WriteConnection c, String alert, Notice.Status status, Collection<String> receivers)
            throws SQLException {
        for (String receiver : receivers) {
            c.update(REMOVE_NOTICE, alert, receiver);
            c.update(ADD_NOTICE, alert, receiver, status.wire());
        }
    }

    static int settle(WriteConnection c, String alert, String receiver, Notice.Status status) throws SQLException {
        return c.update(SETTLE_NOTICE, alert, receiver, status.wire());
    }

    static int addRule(WriteConnection c, AlertRule rule) throws SQLException {
        return c.update(ADD_RULE, rule.id(), rule.text());
    }

    static int removeRule(WriteConnection c, String id) throws SQLException {
        return c.update(REMOVE_RULE, id);
    }

    static int silence(WriteConnection c, String target, Optional<Instant> until) throws SQLException {
        int removed = c.update(REMOVE_SILENCE, target);
        return until.isPresent() ? c.update(ADD_SILENCE, target, until.get()) : removed;
    }

    /** Removes what has been over since before that time, a batch of it. */
    static int prune(WriteConnection c, Instant before, Instant now) throws SQLException {
        c.update(PRUNE_SILENCES, now);
        return c.update(PRUNE, before, PRUNE_BATCH);
    }

    private static Waiting waiting(Columns row) throws SQLException {
        return new Waiting(
                row.string("receiver"),
                Notice.Status.valueOf(row.string("status").toUpperCase(Locale.ROOT)),
                alert(row));
    }

    private static Alert alert(Columns row) throws SQLException {
        return new Alert(
                row.string("alert_id"),
                row.string("rule_id"),
                AlertRule.Kind.valueOf(row.string("kind").toUpperCase(Locale.ROOT)),
                row.string("subject"),
                row.string("summary"),
                row.instant("started_at"),
                row.optionalInstant("resolved_at"),
                row.number("occurred"),
                row.bool("told"));
    }
}
