package dev.fairlead.gateway.testing;

import java.util.ArrayList;
import java.util.List;

/** What tests of the chat look at. */
public final class Chatting {
    private Chatting() {}

    /** The types of the next frames, up to and with {@code last}. */
    public static List<String> types(WsClient chat, String last) {
        List<String> types = new ArrayList<>();
        do {
            types.add(chat.next().get("type").asText());
        } while (!types.get(types.size() - 1).equals(last));
        return types;
    }

    /** Who said what is kept of a session, oldest first. */
    public static List<String> roles(RunningGateway gateway, String session) {
        List<String> roles = new ArrayList<>();
        gateway.get("/api/sessions/" + session + "/messages")
                .body()
                .get("messages")
                .forEach(message -> roles.add(message.get("role").asText()));
        return roles;
    }
}
