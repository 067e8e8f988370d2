package dev.fairlead.gateway.alerts;

import dev.fairlead.gateway.alerts.receivers.Delivery;
import dev.fairlead.gateway.alerts.receivers.Notice;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.settings.AlertRule;
import dev.fairlead.gateway.settings.DurationText;
import dev.fairlead.gateway.store.StatementException;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.Names;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/** Answers what is asked of the alerts. Used on one event loop. */
final class AlertDesk {
    /** Most rules that are added to those of the settings. */
    private static final int MOST_ADDED = 200;

    private final Ledger ledger;
    private final TimeSource time;
    private final Alerts alerts;
    private final Silences silences;
    private final List<Delivery> deliveries;
    private final Consumer<List<Change>> changed;
    private final Runnable lookAgain;
    private final Set<String> added = new HashSet<>();

    /**
     * For the alerts of a gateway.
     *
     * @param lookAgain tells the rules what is so now
     */
    AlertDesk(
            Ledger ledger,
            TimeSource time,
            Alerts alerts,
            Silences silences,
            List<Delivery> deliveries,
            Consumer<List<Change>> changed,
            Runnable lookAgain) {
        this.ledger = ledger;
        this.time = time;
        this.alerts = alerts;
        this.silences = silences;
        this.deliveries = deliveries;
        this.changed = changed;
        this.lookAgain = lookAgain;
    }

    /** Takes up a rule that was kept; what a newer gateway reads no more, or the settings have as well, is left out. */
    void restore(String written) {
        try {
            AlertRule rule = AlertRule.parse(written);
            if (alerts.rule(rule.id()).isEmpty()) {
                alerts.add(rule);
                added.add(rule.id());
            }
        } catch (IllegalArgumentException unread) {
            return;
        }
    }

    Future<AlertCommands.AlertsFound> list(AlertCommands.GetAlerts asked) {
        return Future.succeededFuture(new AlertCommands.AlertsFound(
                alerts.rules().stream().map(this::shown).toList(),
                alerts.shown().stream().map(this::shown).toList(),
                deliveries.stream().map(Delivery::state).toList()));
    }

    Future<AlertCommands.RuleFound> add(AlertCommands.AddRule command) {
        AlertRule rule = read(command.rule());
        if (alerts.rule(rule.id()).isPresent()) {
            throw already(rule);
        }
        if (added.size() >= MOST_ADDED) {
            throw new FairleadException(
                    ErrorCode.CONFLICT, "There are " + MOST_ADDED + " rules already; remove those nobody needs");
        }
        return ledger.commit(c -> AlertRows.addRule(c, rule), kept -> {
                    alerts.add(rule);
                    added.add(rule.id());
                    if (rule.lasts()) {
                        lookAgain.run();
                    }
                })
                .map(kept -> new AlertCommands.RuleFound(shown(rule)))
                .recover(failure -> Future.failedFuture(
                        failure instanceof StatementException refused && refused.isDuplicateKey()
                                ? already(rule) // another one was quicker
                                : failure));
    }

    Future<AlertCommands.RuleRemoved> remove(AlertCommands.RemoveRule command) {
        AlertRule rule = alerts.rule(command.id()).orElseThrow(() -> unknown(command.id()));
        if (!added.contains(rule.id())) {
            throw new FairleadException(
                    ErrorCode.INVALID_STATE,
                    "The rule '" + rule.id() + "' stands in the settings; take it out of alerts.rules");
        }
        return ledger.commit(c -> AlertRows.removeRule(c, rule.id()), done -> {
                    added.remove(rule.id());
                    changed.accept(alerts.remove(rule.id()));
                })
                .map(done -> new AlertCommands.RuleRemoved(rule.id()));
    }

    Future<AlertCommands.Silenced> silence(AlertCommands.Silence command) {
        String target = target(command.id());
        if (command.time().compareTo(Silences.LONGEST) > 0) {
            throw new FairleadException(
                    ErrorCode.BAD_REQUEST,
                    "A silence lasts " + DurationText.format(Silences.LONGEST)
                            + " at most; remove a rule that nobody needs");
        }
        if (!command.time().isZero() && silences.size() >= Silences.MOST) {
            throw new FairleadException(
                    ErrorCode.CONFLICT, "There are " + Silences.MOST + " silences already; silence a rule instead");
        }
        Instant end = time.instant().plus(command.time()).truncatedTo(ChronoUnit.MILLIS);
        Optional<Instant> until = command.time().isZero() ? Optional.empty() : Optional.of(end);
        return ledger.commit(c -> AlertRows.silence(c, target, until), done -> {
                    until.ifPresentOrElse(at -> silences.put(target, at), () -> silences.remove(target));
                    changed.accept(alerts.tick());
                })
                .map(done -> new AlertCommands.Silenced(command.id(), until));
    }

    Future<AlertCommands.Tested> test(AlertCommands.Test command) {
        AlertRule rule = alerts.rule(ruleOf(command.id())).orElseThrow(() -> unknown(command.id()));
        if (deliveries.isEmpty()) {
            throw new FairleadException(
                    ErrorCode.INVALID_STATE,
                    "Nobody is told: set alerts.webhook_url, alerts.ntfy_url, or alerts.smtp_host with"
                            + " alerts.mail_from and alerts.mail_to, and start the gateway again");
        }
        Notice notice = new Notice(
                UUID.randomUUID().toString(),
                Notice.Status.TEST,
                rule.id(),
                rule.kind(),
                rule.kind().severity(),
                rule.subject().orElse("test"),
                "This is a test of the rule " + rule.text() + "; nothing happened",
                time.instant().truncatedTo(ChronoUnit.MILLIS),
                Optional.empty(),
                1);
        List<Future<AlertCommands.TestResult>> tries = new ArrayList<>();
        for (Delivery delivery : deliveries) {
            tries.add(delivery.test(notice)
                    .map(ok -> new AlertCommands.TestResult(delivery.name(), true, Optional.empty()))
                    .recover(failure -> Future.succeededFuture(new AlertCommands.TestResult(
                            delivery.name(), false, Optional.ofNullable(failure.getMessage())))));
        }
        return Future.all(tries)
                .map(done -> new AlertCommands.Tested(
                        tries.stream().map(Future::result).toList()));
    }

    private String target(String id) {
        return alerts.rule(id)
                .map(AlertRule::id)
                .or(() -> alerts.find(id).map(alert -> Silences.of(alert.rule(), alert.subject())))
                .orElseThrow(() -> unknown(id));
    }

    private String ruleOf(String id) {
        return alerts.find(id).map(Alert::rule).orElse(id);
    }

    private static AlertRule read(String text) {
        try {
            return AlertRule.parse(text);
        } catch (IllegalArgumentException e) {
            throw new FairleadException(ErrorCode.BAD_REQUEST, "Field 'rule' is " + e.getMessage());
        }
    }

    private static FairleadException already(AlertRule rule) {
        return new FairleadException(
                ErrorCode.CONFLICT,
                "There is a rule '" + rule.id() + "' already; remove it first, or change it in the settings");
    }

    private static FairleadException unknown(String id) {
        return new FairleadException(
                ErrorCode.NOT_FOUND, "No rule or alert '" + Names.shown(id) + "'; GET /api/alerts lists them");
    }

    private AlertCommands.ShownRule shown(AlertRule rule) {
        return new AlertCommands.ShownRule(
                rule.id(),
                rule.text(),
                rule.kind(),
                rule.kind().severity(),
                added.contains(rule.id()) ? AlertCommands.Source.ADDED : AlertCommands.Source.SETTINGS,
                silences.of(rule.id(), time.instant()));
    }

    private AlertCommands.ShownAlert shown(Alert alert) {
        return new AlertCommands.ShownAlert(
                alert.id(),
                alert.rule(),
                alert.kind(),
                alert.kind().severity(),
                alert.subject(),
                alert.summary(),
                alert.isFiring() ? AlertCommands.State.FIRING : AlertCommands.State.RESOLVED,
                alert.startedAt(),
                alert.resolvedAt(),
                alert.count(),
                alert.isFiring() ? silences.of(alert.rule(), alert.subject(), time.instant()) : Optional.empty());
    }
}
