package dev.fairlead.gateway.edge.agent;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.logs.LogCommands;
import dev.fairlead.protocol.AgentData;
import dev.fairlead.protocol.AgentSubjects;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.RawJson;
import java.util.List;

/** {@code log.append}: an agent's own lines, answered once they are written. */
public final class LogEndpoints {
    private LogEndpoints() {}

    /** On the logs of {@code node}. */
    public static List<AgentEndpoint> of(Bus bus, String node) {
        return List.of(new AgentEndpoint(AgentSubjects.LOG_APPEND, (session, data) -> {
            List<String> lines = data.orElseThrow(
                            () -> new FairleadException(ErrorCode.BAD_REQUEST, "This needs data with 'lines'"))
                    .as(AgentData.LogAppend.class)
                    .lines();
            return bus.requestAt(LogCommands.place(node), new LogCommands.Append(session.name(), lines))
                    .map(RawJson::of);
        }));
    }
}
