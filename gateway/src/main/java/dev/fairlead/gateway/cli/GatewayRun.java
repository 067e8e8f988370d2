package dev.fairlead.gateway.cli;

import dev.fairlead.gateway.Gateway;
import dev.fairlead.gateway.edge.access.LocalOperator;
import dev.fairlead.gateway.settings.Exposure;
import dev.fairlead.gateway.settings.Settings;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.BindException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.LoggerFactory;

/** One gateway in this process, from its start to the signal that ends it. */
final class GatewayRun {

    /** On top of {@code shutdown.grace}: closing frames, the last writes, the database. */
    private static final Duration CLOSING = Duration.ofSeconds(4);

    private final Settings settings;
    private final Console console;
    private final CompletableFuture<Void> stopAsked = new CompletableFuture<>();
    private final List<String> greeting = new ArrayList<>();
    private Function<Gateway, Future<?>> then = gateway -> Future.succeededFuture();

    GatewayRun(Settings settings, Console console) {
        this.settings = settings;
        this.console = console;
    }

    /** Something to be done once the gateway listens; where that fails, the gateway ends. */
    GatewayRun with(Function<Gateway, Future<?>> work) {
        then = work;
        return this;
    }

    /** A line more at the start. */
    GatewayRun saying(String line) {
        greeting.add(line);
        return this;
    }

    /** As the first signal does. */
    void stop() {
        stopAsked.complete(null);
    }

    int untilStopped() {
        LogOutput.follow(settings.log());
        hideSecrets();
        MemoryGuard.install();
        TerminationSignals.onFirst(this::stop);
        Gateway gateway = started();
        gateway.watch(this::end);
        tellWhatIsOpen(gateway);
        stopAsked.join();
        console.err().println("Stopping; a second signal ends the process at once.");
        return closed(gateway);
    }

    /** Before any instance runs: it could read them. */
    private void hideSecrets() {
        try {
            ProcessSecrets.hide();
        } catch (IOException e) {
            console.err()
                    .println("The environment of this process still shows its secrets to its own account ("
                            + e.getMessage() + "); give them in files, as auth.admin_password_file");
        }
    }

    private Gateway started() {
        try {
            return Gateway.start(settings)
                    .compose(gateway -> then.apply(gateway).map(gateway).recover(failure -> gateway.close()
                            .transform(closed -> Future.failedFuture(failure))))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get();
        } catch (ExecutionException e) {
            LoggerFactory.getLogger(GatewayRun.class).debug("The gateway did not start", e.getCause());
            throw new CommandFailure(ExitStatus.FAILED, refusal(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(ExitStatus.FAILED, "Interrupted while starting");
        }
    }

    /** A queue stands still for good: no order is left in which to stop. What runs this process starts it again. */
    private void end(String reason) {
        console.err().println("fairlead: " + reason + "; the process ends, to be started again by what runs it");
        console.err().flush();
        Runtime.getRuntime().halt(ExitStatus.FAILED.code());
    }

    private String refusal(Throwable failure) {
        Settings.Http http = settings.http();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return "Cannot listen on " + http.host() + " port " + http.port() + " (" + cause.getMessage()
                        + "). If something else listens there ('fairlead doctor' tells), stop it or choose another"
                        + " port with --port.";
            }
        }
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    private void tellWhatIsOpen(Gateway gateway) {
        Settings.Http http = settings.http();
        console.out().println("Fairlead is at " + new DashboardAddress(http, gateway.port()));
        Exposure exposure = new Exposure(settings, LocalOperator.isPossible());
        console.out().println("Open to: " + exposure.openTo());
        exposure.warnings().forEach(console.out()::println);
        if (!exposure.trustsItsUser()) {
            console.out().println(loginLink(gateway));
        }
        gateway.passwordFile().filter(file -> gateway.passwordIsNew()).ifPresent(file -> console.out()
                .println("Admin password, newly made: " + file));
        greeting.forEach(console.out()::println);
        console.out().flush();
    }

    private String loginLink(Gateway gateway) {
        try {
            String key = gateway.firstLoginKey()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get();
            return "Log in once, within an hour: " + new DashboardAddress(settings.http(), gateway.port()) + "#key="
                    + key + " ('fairlead open' makes another)";
        } catch (ExecutionException e) {
            return "No link to log in with could be made: " + e.getCause().getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(ExitStatus.FAILED, "Interrupted while starting");
        }
    }

    private int closed(Gateway gateway) {
        Duration limit = settings.shutdown().grace().plus(CLOSING);
        try {
            gateway.close().toCompletionStage().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return ExitStatus.OK.code();
        } catch (ExecutionException e) {
            throw new CommandFailure(ExitStatus.FAILED, "The gateway did not stop in order: " + e.getCause());
        } catch (TimeoutException e) {
            throw new CommandFailure(ExitStatus.FAILED, "The gateway did not stop within " + limit.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(ExitStatus.FAILED, "Interrupted while stopping");
        }
    }
}
