package dev.fairlead.gateway.instances;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.time.Scheduler;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pipes of the instances whose output the gateway writes to their logs itself. {@link #make} and {@link #take}
 * block on the disk and are for workers; the rest is for the event loop of the context, but for what a pipe's own
 * thread {@link PipedLog.Waits waits} for.
 */
final class OutputPipes implements PipedLog.Waits {
    /** Between two tries to get a new file, or to write to one. */
    private static final Duration RETRY = Duration.ofSeconds(1);
    /** What is left in a pipe whose program ended is in the log sooner, unless something else has the pipe open. */
    private static final Duration END_PATIENCE = Duration.ofMillis(300);

    private static final Logger log = LoggerFactory.getLogger(OutputPipes.class);

    private final Bus bus;
    private final String node;
    private final Context context;
    private final Scheduler scheduler;
    private final InstanceLog logs;
    private final Executables executables;
    private final FileFill fill;
    private final Map<String, OutputPipe> newest = new ConcurrentHashMap<>();
    private final Set<OutputPipe> open = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    /**
     * For the instances of one node.
     *
     * @param rotateSize bytes of a log's file at which it is rotated
     */
    OutputPipes(
            Bus bus,
            String node,
            Context context,
            Scheduler scheduler,
            InstanceLog logs,
            Executables executables,
            long rotateSize) {
        this.bus = bus;
        this.node = node;
        this.context = context;
        this.scheduler = scheduler;
        this.logs = logs;
        this.executables = executables;
        this.fill = new FileFill(rotateSize);
    }

    /** A new pipe for a program that is about to be started, which is read from now on; to be released then. */
    OutputPipe make(String name) throws LaunchFailure {
        Path mkfifo = executables.find("mkfifo").orElseThrow(() -> missing("mkfifo"));
        try {
            logs.makePipe(name, mkfifo);
            return take(name);
        } catch (IOException | OutOfMemoryError e) { // the last: no thread to read it
            throw LaunchFailure.refused(e);
        }
    }

    static LaunchFailure missing(String tool) {
        return new LaunchFailure(
                "\"log\":\"pipe\" needs '" + tool + "' on the gateway's PATH; install it, or set log to" + " file");
    }

    /** Reads the pipe of a program that the gateway before started. */
    OutputPipe take(String name) throws IOException {
        PipedLog to = new PipedLog(name, logs, fill, this);
        OutputPipe pipe = OutputPipe.open(logs.pipe(name));
        open.add(pipe);
        newest.put(name, pipe);
        try {
            pipe.read(to::write, () -> forget(name, pipe));
        } catch (OutOfMemoryError e) {
            forget(name, pipe);
            pipe.close();
            throw e;
        }
        return pipe;
    }

    private void forget(String name, OutputPipe pipe) {
        open.remove(pipe);
        newest.remove(name, pipe);
    }

    /** Done when all that a program that is over wrote is in its log, or something else keeps its pipe open. */
    Future<Void> ended(String name) {
        OutputPipe pipe = newest.get(name);
        return pipe == null ? Future.succeededFuture() : ended(pipe);
    }

    private Future<Void> ended(OutputPipe pipe) {
        if (pipe.hasEnded()) {
            return Future.succeededFuture();
        }
        Promise<Void> done = Promise.promise();
        Scheduler.Cancellable enough = scheduler.after(END_PATIENCE, done::tryComplete);
        Future.fromCompletionStage(pipe.ended(), context).onComplete(ended -> {
            enough.cancel();
            done.tryComplete();
        });
        return done.future();
    }

    /** Reads no further: what is still written waits for the next gateway. */
    Future<Void> close() {
        over.complete(null);
        List<OutputPipe> left = List.copyOf(open);
        return context.executeBlocking(() -> {
                    left.forEach(OutputPipe::close);
                    return left;
                })
                .compose(closed -> Future.join(closed.stream().map(this::ended).toList()))
                .mapEmpty();
    }

    @Override
    public CompletionStage<Void> newFile(String name) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        context.runOnContext(now -> ask(name, done, false));
        return done.applyToEither(over, ended -> null);
    }

    private void ask(String name, CompletableFuture<Void> done, boolean again) {
        bus.requestAt(node, new InstanceCommands.BeginLogFile(name))
                .onSuccess(begun -> done.complete(null))
                .onFailure(failure -> {
                    if (!again && !over()) {
                        log.warn(
                                "The log of instance '{}' gets no new file: {}. It waits until that is possible",
                                name,
                                Bus.refusal(failure).getMessage());
                    }
                    if (!over()) {
                        scheduler.after(RETRY, () -> ask(name, done, true));
                    }
                });
    }

    @Override
    public CompletionStage<Void> moment() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        context.runOnContext(now -> scheduler.after(RETRY, () -> done.complete(null)));
        return done.applyToEither(over, ended -> null);
    }

    @Override
    public boolean over() {
        return over.isDone();
    }
}
