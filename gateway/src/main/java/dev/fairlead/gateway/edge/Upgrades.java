package dev.fairlead.gateway.edge;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.edge.access.Access;
import dev.fairlead.gateway.edge.access.Gatekeeper;
import dev.fairlead.gateway.edge.access.Principal;
import dev.fairlead.gateway.edge.access.SocketSlots;
import dev.fairlead.gateway.edge.agent.AgentHub;
import dev.fairlead.gateway.edge.chat.ChatSockets;
import dev.fairlead.gateway.edge.intake.AddressShare;
import dev.fairlead.gateway.edge.intake.HandshakeWatch;
import dev.fairlead.gateway.edge.intake.Turnstile;
import dev.fairlead.gateway.edge.rest.CallAudit;
import dev.fairlead.gateway.edge.rest.RestRouter;
import dev.fairlead.gateway.edge.socket.Connection;
import dev.fairlead.gateway.edge.socket.ConnectionOptions;
import dev.fairlead.gateway.edge.socket.Connections;
import dev.fairlead.gateway.edge.stream.StreamEndpoint;
import dev.fairlead.gateway.edge.stream.StreamSockets;
import dev.fairlead.protocol.AgentData;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.Names;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Takes the requests that want to become WebSockets: everything is checked, and refused, before the upgrade. */
final class Upgrades {
    private static final String PREFIX = "/ws";
    /** The one version of the protocol that is no draft. */
    private static final String VERSION = "13";

    /** Agents of one edge whose token is being looked at; what is stored for them is stored in groups. */
    private static final int ADMITTED_AT_ONCE = 64;

    private final EdgeContext edge;
    private final Connections connections;
    private final HandshakeWatch watch;
    private final AgentHub agents;
    private final StreamSockets streams;
    private final ChatSockets chats;
    private final List<StreamEndpoint> endpoints;
    private final Turnstile turnstile = new Turnstile(ADMITTED_AT_ONCE, ADMITTED_AT_ONCE / 2);
    private final CallAudit audit;

    Upgrades(
            EdgeContext edge,
            Connections connections,
            HandshakeWatch watch,
            AgentHub agents,
            StreamSockets streams,
            ChatSockets chats,
            List<StreamEndpoint> endpoints,
            CallAudit audit) {
        this.edge = edge;
        this.connections = connections;
        this.watch = watch;
        this.agents = agents;
        this.streams = streams;
        this.chats = chats;
        this.endpoints = endpoints;
        this.audit = audit;
    }

    /** Whether a request is for a WebSocket endpoint, upgrade or not. */
    static boolean concerns(HttpServerRequest request) {
        String path = request.path();
        return path != null && (path.equals(PREFIX) || path.startsWith(PREFIX + "/"));
    }

    void handle(HttpServerRequest request) {
        request.pause();
        try {
            edge.gatekeeper().checkOrigin(request);
            edge.lifecycle().requireOpen();
            if (!Gatekeeper.isUpgrade(request)) {
                throw new FairleadException(
                        ErrorCode.BAD_REQUEST, "This is a WebSocket endpoint: connect with ws:// or wss://");
            }
            requireRfc6455(request);
            String path = request.path();
            if (path.equals(PREFIX) || path.equals(PREFIX + "/agent")) {
                agent(request);
            } else if (path.equals(PREFIX + "/chat")) {
                chat(request);
            } else {
                stream(request, path);
            }
        } catch (FairleadException refusal) {
            refuse(request, refusal);
        }
    }

    /**
     * The drafts before the RFC have other handshakes and other frames, and say where a page is from in another header
     * than the one that is looked at.
     */
    private static void requireRfc6455(HttpServerRequest request) {
        boolean spoken = VERSION.equals(request.getHeader(HttpHeaderNames.SEC_WEBSOCKET_VERSION))
                && request.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_KEY);
        if (!spoken) {
            request.response().putHeader(HttpHeaderNames.SEC_WEBSOCKET_VERSION, VERSION);
            throw new FairleadException(
                    ErrorCode.BAD_REQUEST,
                    "A WebSocket is opened as RFC 6455 says: Sec-WebSocket-Version is 13, and there is a"
                            + " Sec-WebSocket-Key");
        }
    }

    /** A mass return is not refused: the answer to each upgrade is held until it is its turn. */
    private void agent(HttpServerRequest request) {
        String share = AddressShare.of(edge.gatekeeper().addressOf(request));
        turnstile.arrive(share, () -> {
            if (request.response().closed()) {
                turnstile.leave(share); // it has given up meanwhile
            } else {
                admitted(request).onComplete(done -> turnstile.leave(share));
            }
        });
    }

    /** Complete when the agent is registered, or refused, or may begin to register. */
    private Future<?> admitted(HttpServerRequest request) {
        Promise<Object> settled = Promise.promise();
        Future.succeededFuture(request)
                .compose(head -> edge.gatekeeper().admit(head, Access.AGENT))
                .onComplete(done -> {
                    if (done.failed()) {
                        settled.complete();
                        refuse(request, Bus.refusal(done.cause()));
                    } else if (done.result() instanceof Principal.Agent known) {
                        AgentData.Register announced = new AgentData.Register(
                                known.token(),
                                parameter(request, "nonce"),
                                Optional.empty(),
                                parameter(request, "version"),
                                parameter(request, "capabilities").map(all -> List.of(all.split(",", -1))));
                        upgrade(request, (connection, address) -> agents.open(connection, address, announced)
                                        .onComplete(registered -> settled.complete()))
                                .onFailure(failed -> settled.tryComplete());
                    } else {
                        settled.complete();
                        unregistered(request);
                    }
                });
        return settled.future();
    }

    private void unregistered(HttpServerRequest request) {
        SocketSlots slots = edge.slots();
        String address = edge.gatekeeper().addressOf(request);
        try {
            slots.enterUnregistered(address);
        } catch (FairleadException refusal) {
            refuse(request, refusal);
            return;
        }
        upgrade(request, agents::openUnregistered).onFailure(ignored -> slots.leaveUnregistered(address));
    }

    private void stream(HttpServerRequest request, String path) {
        StreamEndpoint endpoint = endpoints.stream()
                .filter(one -> match(one.path(), path).isPresent())
                .findFirst()
                .orElseThrow(() -> new FairleadException(
                        ErrorCode.NOT_FOUND,
                        "No stream is at " + Names.shown(path) + "; GET /api/asyncapi.json lists them"));
        Map<String, String> parameters =
                new HashMap<>(match(endpoint.path(), path).orElseThrow());
        endpoint.parameters().forEach(name -> {
            String value = request.getParam(name);
            if (value != null) {
                parameters.put(name, value);
            }
        });
        Optional<String> since = parameter(request, "since");
        edge.gatekeeper().admit(request, Access.OPERATOR).onComplete(done -> {
            if (done.failed()) {
                refuse(request, Bus.refusal(done.cause()));
                return;
            }
            upgrade(request, (connection, address) -> {
                endWithToken(connection, done.result());
                streams.open(connection, endpoint, parameters, since);
            });
        });
    }

    private void chat(HttpServerRequest request) {
        ChatSockets.Wanted wanted;
        try {
            wanted = wanted(request);
        } catch (FairleadException refusal) {
            refuse(request, refusal);
            return;
        }
        chat(request, wanted);
    }

    private static ChatSockets.Wanted wanted(HttpServerRequest request) {
        return new ChatSockets.Wanted(
                parameter(request, "session_id"),
                parameter(request, "name"),
                parameter(request, "agent"),
                parameter(request, "history").filter("all"::equals).isPresent(),
                parameter(request, "after").map(Upgrades::number));
    }

    private static long number(String after) {
        if (!after.matches("[0-9]{1,18}")) {
            throw new FairleadException(
                    ErrorCode.BAD_REQUEST, "Parameter 'after' is the number 'n' of the last frame that was seen");
        }
        return Long.parseLong(after);
    }

    private void chat(HttpServerRequest request, ChatSockets.Wanted wanted) {
        edge.gatekeeper().admit(request, Access.OPERATOR).onComplete(done -> {
            if (done.failed()) {
                refuse(request, Bus.refusal(done.cause()));
                return;
            }
            upgrade(request, (connection, address) -> {
                endWithToken(connection, done.result());
                chats.open(connection, address, done.result().actor(), wanted);
            });
        });
    }

    private static Optional<String> parameter(HttpServerRequest request, String name) {
        return Optional.ofNullable(request.getParam(name)).filter(text -> !text.isEmpty());
    }

    /** What a token opened does not outlive it. */
    private void endWithToken(Connection connection, Principal principal) {
        if (principal instanceof Principal.Operator operator) {
            operator.sessionEnds()
                    .map(end -> Duration.between(edge.time().instant(), end))
                    .ifPresent(connection::sessionEndsIn);
            operator.login().ifPresent(connection::openedBy);
        }
    }

    @FunctionalInterface
    private interface Opened {
        void accept(Connection connection, String remoteAddress);
    }

    private Future<ServerWebSocket> upgrade(HttpServerRequest request, Opened opened) {
        String address = edge.gatekeeper().addressOf(request);
        SocketSlots slots = edge.slots();
        try {
            edge.lifecycle().requireOpen(); // it may have begun to close while the credentials were checked
            slots.enter(address);
        } catch (FairleadException refusal) {
            refuse(request, refusal);
            return Future.failedFuture(refusal);
        }
        ConnectionOptions options = ConnectionOptions.of(edge.settings());
        boolean noPing = "0".equals(request.getParam("ping"));
        return request.toWebSocket()
                .onSuccess(socket -> {
                    socket.pause();
                    watch.upgraded(request.connection());
                    Connection connection = connections.add(socket, noPing ? options.withoutPing() : options);
                    connection.onGone(() -> slots.leave(address));
                    opened.accept(connection, address);
                })
                .onFailure(failure -> slots.leave(address));
    }

    /** The variable parts of a path that has the shape of {@code pattern}. */
    private static Optional<Map<String, String>> match(String pattern, String path) {
        String[] expected = (PREFIX + "/" + pattern).split("/", -1);
        String[] given = path.split("/", -1);
        if (expected.length != given.length) {
            return Optional.empty();
        }
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < expected.length; i++) {
            if (expected[i].startsWith(":")) {
                variables.put(expected[i].substring(1), given[i]);
            } else if (!expected[i].equals(given[i])) {
                return Optional.empty();
            }
        }
        return Optional.of(variables);
    }

    /** The peer is not drained of what it may still send: the connection ends with the answer. */
    private void refuse(HttpServerRequest request, FairleadException refusal) {
        audit.refused(request, refusal);
        request.response().putHeader("Connection", "close");
        RestRouter.refuse(request.response(), refusal);
        request.resume();
    }
}
