package dev.fairlead.gateway;

import dev.fairlead.gateway.chat.llm.FakeModel;
import dev.fairlead.gateway.testing.MovableTime;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.protocol.FrameCodec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A gateway whose chats a model answers that does as it is told, and the sockets of a test on it. */
final class LlmGateway implements AutoCloseable {
    static final String KEY = "sk-canary-1234567890";

    private final Path folder;
    private final String[] settings;
    private final FakeModel model = FakeModel.start();
    private final MovableTime time = new MovableTime();
    private final List<WsClient> clients = new ArrayList<>();
    private RunningGateway gateway;

    private LlmGateway(Path folder, String... settings) {
        this.folder = folder;
        this.settings = settings;
    }

    static LlmGateway start(Path folder, String... more) {
        LlmGateway llm = new LlmGateway(folder, more);
        llm.open();
        return llm;
    }

    /** The first turn of a JVM loads what all others use: it is not the one whose event loops are watched. */
    static void loadClasses(Path folder) {
        try (LlmGateway first = start(folder)) {
            WsClient chat = first.chat();
            say(chat, "Hello?");
            chat.next("done");
        }
    }

    private void open() {
        List<String> all = new ArrayList<>(
                List.of("llm.base_url=" + model.baseUrl(), "llm.model=test-model", "llm.api_key=" + KEY));
        all.addAll(List.of(settings));
        gateway = RunningGateway.start(folder, time, all.toArray(String[]::new));
    }

    /** Ends the gateway and starts another one on what it kept; the sockets are gone. */
    void restart() {
        gateway.close();
        open();
    }

    FakeModel model() {
        return model;
    }

    MovableTime time() {
        return time;
    }

    RunningGateway gateway() {
        return gateway;
    }

    /** What the model was told in a request: all of its messages' texts, in order. */
    List<String> told(int request) {
        return model.asked().get(request).body().path("messages").findValuesAsText("content");
    }

    /** A chat that has been told its session. */
    WsClient chat() {
        WsClient chat = connect("/ws/chat?agent=llm");
        chat.next("session_start");
        return chat;
    }

    /** A chat on a session of one's own choice, which shows what happens there. */
    WsClient chat(String session) {
        WsClient chat = connect("/ws/chat?agent=llm&session_id=" + session);
        chat.next("session_start");
        chat.send("{\"type\":\"connect\"}").next("connected");
        return chat;
    }

    WsClient connect(String path) {
        WsClient client = WsClient.connect(gateway.ws(path));
        clients.add(client);
        return client;
    }

    static void say(WsClient chat, String content) {
        chat.send(new String(
                FrameCodec.encode(FrameCodec.object().put("type", "message").put("content", content)),
                StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        clients.forEach(WsClient::close);
        gateway.close();
        model.close();
    }
}
