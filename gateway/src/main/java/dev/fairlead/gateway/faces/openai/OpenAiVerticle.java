package dev.fairlead.gateway.faces.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.bus.Request;
import dev.fairlead.gateway.chat.ChatCommands;
import dev.fairlead.gateway.chat.ChatDelivery;
import dev.fairlead.gateway.chat.ChatEvent;
import dev.fairlead.gateway.cluster.Ownership;
import dev.fairlead.gateway.ledger.Janitor;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wires the OpenAI face: answers what the edges ask, hears what the chat tells. */
public final class OpenAiVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(OpenAiVerticle.class);

    private static final Duration PRUNE = Duration.ofMinutes(5);

    /** Between two looks at what ran on nodes that are gone. */
    private static final Duration ADOPT = Duration.ofSeconds(5);

    private final Database database;
    private final Settings settings;
    private final TimeSource time;
    private final Ownership ownership;
    private final String node;
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();
    private final List<Scheduler.Cancellable> timers = new ArrayList<>();
    private Bus bus;
    private Models models;
    private Runs runs;
    private Waits waits;
    private Completions completions;

    public OpenAiVerticle(Database database, Ownership ownership, Settings settings, TimeSource time) {
        this.database = database;
        this.settings = settings;
        this.time = time;
        this.ownership = ownership;
        this.node = ownership.node();
    }

    @Override
    public Future<?> start() {
        bus = Bus.on(vertx);
        Scheduler scheduler = new VertxScheduler(vertx);
        boolean llm =
                settings.llm().baseUrl().isPresent() && settings.llm().model().isPresent();
        models = new Models(bus, llm, time.instant());
        Ledger ledger = Ledger.of(database, scheduler);
        runs = new Runs(bus, ledger, time, node);
        waits = new Waits(scheduler);
        completions = new Completions(vertx, time, models, runs, waits);
        Conversations conversations = new Conversations(ledger, time, node);
        String chat = ChatCommands.place(node);
        Responses responses = new Responses(vertx, bus, chat, time, models, runs, waits, conversations);
        Janitor janitor = new Janitor(database, scheduler, ownership);
        timers.add(scheduler.every(
                PRUNE,
                () -> janitor.sweep(
                        "completions",
                        RunRows.PRUNE_BATCH,
                        () -> c -> RunRows.prune(c, time.instant().minus(Runs.RETRIES)))));
        timers.add(scheduler.every(
                ChatCommands.VIEWED_EVERY,
                () -> bus.publishAt(chat, ChatCommands.Viewed.class, new ChatCommands.Viewed(runs.sessions()))));
        Recovery recovery = new Recovery(bus, chat, runs);
        if (!ownership.isAlone()) {
            timers.add(scheduler.every(ADOPT, () -> {
                if (janitor.isHere()) {
                    recovery.adopt()
                            .onFailure(cause ->
                                    log.debug("What ran on nodes that are gone waits: {}", cause.getMessage()));
                }
            }));
        }
        String place = OpenAiCommands.place(node);
        consumers.add(bus.subscribeAt(chat, ChatDelivery.class, runs::hear));
        consumers.add(bus.subscribe(ChatEvent.class, runs::hear));
        answer(place, OpenAiCommands.ListModels.class, asked -> models.list().map(OpenAiCommands.Reply::ok));
        answer(place, OpenAiCommands.GetModel.class, asked -> models.get(asked.id())
                .map(OpenAiCommands.Reply::ok));
        answer(place, OpenAiCommands.Complete.class, completions::complete);
        answer(place, OpenAiCommands.Respond.class, responses::create);
        answer(
                place,
                OpenAiCommands.Retrieve.class,
                asked -> whereItRuns(asked.id(), asked.asker(), asked, responses::retrieve));
        answer(
                place,
                OpenAiCommands.Cancel.class,
                asked -> whereItRuns(asked.id(), asked.asker(), asked, responses::cancel));
        answer(
                place,
                OpenAiCommands.Delete.class,
                asked -> whereItRuns(asked.id(), asked.asker(), asked, responses::delete));
        answer(place, OpenAiCommands.InputItems.class, responses::inputItems);
        answer(place, OpenAiCommands.CreateConversation.class, conversations::create);
        answer(place, OpenAiCommands.GetConversation.class, conversations::get);
        answer(place, OpenAiCommands.UpdateConversation.class, conversations::update);
        answer(place, OpenAiCommands.DeleteConversation.class, conversations::delete);
        answer(place, OpenAiCommands.AddItems.class, conversations::add);
        answer(place, OpenAiCommands.ConversationItems.class, conversations::items);
        answer(place, OpenAiCommands.Await.class, this::await);
        consumers.add(bus.answerAt(
                place,
                OpenAiCommands.Read.class,
                // What the chat tells there has no place in what it tells here: such a reader reads on.
                (OpenAiCommands.Read asked) -> whereItRuns(
                        asked.run(),
                        asked.asker(),
                        new OpenAiCommands.Read(asked.asker(), asked.run(), asked.after(), Long.MAX_VALUE),
                        afar -> read(asked))));
        return Future.all(consumers.stream().map(MessageConsumer::completion).toList())
                .compose(ready -> recovery.run());
    }

    @Override
    public Future<?> stop() {
        timers.forEach(Scheduler.Cancellable::cancel);
        return Future.all(consumers.stream().map(MessageConsumer::unregister).toList());
    }

    /** What is refused in the API's own words is an answer. */
    private <Q extends Request<OpenAiCommands.Reply>> void answer(
            String place, Class<Q> type, Function<Q, Future<OpenAiCommands.Reply>> handler) {
        consumers.add(bus.answerAt(place, type, (Q asked) -> Future.succeededFuture(asked)
                .compose(handler)
                .recover(failure -> failure instanceof ApiError.Refusal refusal
                        ? Future.succeededFuture(OpenAiCommands.Reply.of(refusal.error()))
                        : Future.failedFuture(failure))));
    }

    /** Has the node answer that runs the turn, or has run it, where that is another one. */
    private <R extends Record, Q extends Request<R>> Future<R> whereItRuns(
            String id, OpenAiCommands.Asker asker, Q asked, Function<Q, Future<R>> here) {
        if (ownership.isAlone() || runs.find(id, asker.owner()).isPresent()) {
            return here.apply(asked);
        }
        return runs.rows(c -> RunRows.nodeOf(c, id, asker.owner())).compose(at -> at.filter(
                        other -> !other.equals(node) && ownership.nodes().contains(other))
                .map(other -> bus.requestAt(OpenAiCommands.place(other), asked))
                .orElseGet(() -> here.apply(asked)));
    }

    private Future<OpenAiCommands.Reply> await(OpenAiCommands.Await asked) {
        return runs.find(asked.run(), asked.asker().owner())
                .map(run -> waits.first(run, false, -1))
                .orElseThrow(() -> gone(asked.run()));
    }

    private Future<OpenAiCommands.Piece> read(OpenAiCommands.Read asked) {
        return runs.find(asked.run(), asked.asker().owner())
                .map(run -> waits.read(run, asked.after()).map(piece -> alive(run, piece, asked.heard())))
                .orElseGet(() -> {
                    JsonNode error = gone(asked.run()).error().body();
                    return Future.succeededFuture(new OpenAiCommands.Piece(
                            "data: " + FrameCodec.text(error) + "\n\n", asked.after(), true, Optional.empty()));
                });
    }

    /** With what its reader needs to go on without asking again. */
    private OpenAiCommands.Piece alive(Run run, OpenAiCommands.Piece piece, long heard) {
        return new OpenAiCommands.Piece(
                piece.events(), piece.after(), piece.last(), runs.live(run, piece.after(), heard));
    }

    private static ApiError.Refusal gone(String run) {
        return new ApiError.Refusal(ApiError.notFound("Nothing is known of '" + run + "' any more"));
    }
}
