package dev.fairlead.gateway.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a gateway does for a durable message, told by the stack of a thread that does it. The innermost frame that means
 * something decides: what a stage asks of the bus or the network is theirs.
 */
enum MessageStage {
    FRAME_IN("frame_in", "bytes of the network to a command"),
    DECIDE("decide", "the rules: a command to what is to be kept"),
    COMMIT("commit", "the store's own threads, for the whole group"),
    RELEASE("release", "what is kept: in memory, to those who wait, to streams"),
    FRAME_OUT("frame_out", "deliveries and answers to bytes, and those to the network"),
    ACK("ack", "the acknowledgement's command and its rules"),
    BUS("bus", "hops from one event loop to another"),
    LOOP("loop", "the rest of the event loops: selector, tasks, timers"),
    OTHER("other", "compilers, collector, all other threads");

    /** A frame of a stack that says what it is for; {@code lambda$x} stands for all lambdas within {@code x}. */
    record Mark(String type, String method, MessageStage stage) {
        boolean fits(StackTraceElement frame) {
            return frame.getClassName().equals(type) && isNamed(frame.getMethodName());
        }

        /** Whether a method of that name is meant. */
        boolean isNamed(String name) {
            return name.equals(method) || (method.startsWith(LAMBDA) && name.startsWith(method + "$"));
        }
    }

    private static final String LAMBDA = "lambda$";
    private static final String BUS_PACKAGE = "io.vertx.core.eventbus.";
    private static final String SELECTOR = "sun.nio.ch.EPoll";

    /** Held to the code by a test: a name that is changed there is to be changed here. */
    static final List<Mark> MARKS = List.of(
            mark("edge.agent.MessageSubjects", "send", FRAME_IN),
            mark("edge.agent.MessageSubjects", "lambda$send", FRAME_OUT),
            mark("edge.agent.MessageSubjects", "settle", ACK),
            mark("edge.agent.MessageSubjects", "lambda$settle", ACK),
            mark("edge.agent.AgentSocket", "onText", FRAME_IN),
            mark("edge.agent.AgentSocket", "lambda$answer", FRAME_OUT),
            mark("edge.agent.AgentHub", "heard", FRAME_OUT),
            mark("edge.socket.LoopFlusher", "flush", FRAME_OUT),
            mark("messages.MessageBusVerticle", "send", DECIDE),
            mark("messages.MessageBusVerticle", "release", RELEASE),
            mark("messages.MessageShard", "settle", ACK),
            mark("messages.Commits", "lambda$commit", RELEASE),
            mark("messages.Commits", "commit", DECIDE),
            mark("messages.MessageStore", "lambda$write", RELEASE),
            new Mark("io.netty.channel.nio.AbstractNioByteChannel$NioByteUnsafe", "read", FRAME_IN),
            new Mark("io.netty.channel.AbstractChannel$AbstractUnsafe", "flush", FRAME_OUT));

    private final String wire;
    private final String meaning;

    MessageStage(String wire, String meaning) {
        this.wire = wire;
        this.meaning = meaning;
    }

    String wire() {
        return wire;
    }

    String meaning() {
        return meaning;
    }

    /** Whether the store does that, and not what stands before it. */
    boolean isOutsideTheStore() {
        return this != COMMIT && this != OTHER;
    }

    /**
     * What an event loop does.
     *
     * @param stack innermost frame first
     * @return empty where it waits for something to do
     */
    static Optional<MessageStage> of(StackTraceElement... stack) {
        if (stack.length > 0 && isIdle(stack[0])) {
            return Optional.empty();
        }
        return Optional.of(Arrays.stream(stack)
                .map(MessageStage::of)
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(LOOP));
    }

    private static boolean isIdle(StackTraceElement innermost) {
        return innermost.getClassName().equals(SELECTOR)
                && innermost.getMethodName().equals("wait");
    }

    private static Optional<MessageStage> of(StackTraceElement frame) {
        if (frame.getClassName().startsWith(BUS_PACKAGE)) {
            return Optional.of(BUS);
        }
        return MARKS.stream().filter(mark -> mark.fits(frame)).map(Mark::stage).findFirst();
    }

    private static Mark mark(String type, String method, MessageStage stage) {
        return new Mark("dev.fairlead.gateway." + type, method, stage);
    }
}
