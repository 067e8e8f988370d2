package dev.fairlead.gateway.edge.agent;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.chat.ChatCommands;
import dev.fairlead.protocol.AgentData;
import dev.fairlead.protocol.AgentSubjects;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.RawJson;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** {@code chat.event}, {@code chat.done}, {@code chat.error}: what an agent says in a turn it was given. */
public final class ChatSubjects {
    private static final RawJson TAKEN = RawJson.of(FrameCodec.encode(FrameCodec.object()));

    private final Bus bus;

    public ChatSubjects(Bus bus) {
        this.bus = bus;
    }

    public List<AgentEndpoint> endpoints() {
        return List.of(
                new AgentEndpoint(
                        AgentSubjects.CHAT_EVENT,
                        (session, data) -> taken(bus.request(new ChatCommands.AgentTold(
                                session.name(), session.epoch(), as(data, AgentData.ChatEvent.class))))),
                new AgentEndpoint(
                        AgentSubjects.CHAT_DONE,
                        (session, data) -> taken(bus.request(new ChatCommands.AgentAnswered(
                                session.name(), session.epoch(), as(data, AgentData.ChatDone.class))))),
                new AgentEndpoint(
                        AgentSubjects.CHAT_ERROR,
                        (session, data) -> taken(bus.request(new ChatCommands.AgentGaveUp(
                                session.name(), session.epoch(), as(data, AgentData.ChatFailed.class))))));
    }

    private static Future<RawJson> taken(Future<ChatCommands.Heard> heard) {
        return heard.map(TAKEN);
    }

    private static <T> T as(Optional<RawJson> data, Class<T> type) {
        return data.orElseThrow(() -> new FairleadException(ErrorCode.BAD_REQUEST, "This subject needs data"))
                .as(type);
    }
}
