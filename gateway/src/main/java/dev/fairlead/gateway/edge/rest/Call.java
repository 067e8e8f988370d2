package dev.fairlead.gateway.edge.rest;

import dev.fairlead.gateway.edge.access.Principal;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.Names;
import dev.fairlead.protocol.TraceParent;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.function.Supplier;

/** One REST request, after it was admitted. */
public final class Call {
    private final RoutingContext context;
    private final Principal principal;
    private final Buffer body;
    private final Optional<Object> decoded;
    private final Supplier<String> address;

    /**
     * A request with its body.
     *
     * @param decoded the body as what the endpoint reads; empty where it is still to be read
     * @param address of the client, without its port; few calls ask for it
     */
    Call(RoutingContext context, Principal principal, Buffer body, Optional<Object> decoded, Supplier<String> address) {
        this.decoded = decoded;
        this.address = address;
        this.context = context;
        this.principal = principal;
        this.body = body;
    }

    public Principal principal() {
        return principal;
    }

    /** The request as it came. */
    HttpServerRequest request() {
        return context.request();
    }

    /** The client's own address, without its port. */
    public String address() {
        return address.get();
    }

    /** In the course of which trace it was made; empty where it says nothing of one that holds. */
    public Optional<String> traceparent() {
        return Optional.ofNullable(context.request().getHeader("traceparent")).flatMap(TraceParent::of);
    }

    /**
     * The variable part {@code name} of the path, which is the name of an agent or instance.
     *
     * @throws FairleadException {@code bad_request}, where no agent or instance can have it
     */
    public String name(String name) {
        return Names.require(name, context.pathParam(name));
    }

    /** The variable part {@code name} of the path, whatever it is. */
    public String path(String name) {
        return context.pathParam(name);
    }

    /** The path as it came: nothing decoded, no empty part left out. */
    public String rawPath() {
        return context.request().path();
    }

    /** What the call is about: the variable part of its path, empty where it has none. */
    String target() {
        return Optional.ofNullable(context.pathParam("name"))
                .or(() -> Optional.ofNullable(context.pathParam("id")))
                .or(() -> Optional.ofNullable(context.pathParam("symbol")))
                .orElse("");
    }

    /** A query parameter; empty where it is missing or empty. */
    public Optional<String> query(String name) {
        return Optional.ofNullable(context.request().getParam(name)).filter(value -> !value.isEmpty());
    }

    /**
     * A query parameter that is a whole number.
     *
     * @throws FairleadException {@code bad_request}, where it is none or out of bounds
     */
    public int number(String name, int otherwise, int least, int most) {
        Optional<String> text = query(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text.get());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // refused below, like a number out of bounds
        }
        throw new FairleadException(
                ErrorCode.BAD_REQUEST, "Parameter '" + name + "' is a number from " + least + " to " + most);
    }

    /**
     * A query parameter that is a moment, in ISO-8601 with its offset.
     *
     * @throws FairleadException {@code bad_request}, where it is none
     */
    public Optional<Instant> moment(String name) {
        return query(name).map(text -> {
            try {
                // A plus sign that was not encoded comes as a space.
                return OffsetDateTime.parse(text.replace(' ', '+')).toInstant();
            } catch (DateTimeException e) {
                throw new FairleadException(
                        ErrorCode.BAD_REQUEST,
                        "Parameter '" + name + "' is a moment in ISO-8601, such as 2026-02-20T01:23:45.000Z");
            }
        });
    }

    /**
     * The body.
     *
     * @throws FairleadException {@code invalid_json}; {@code bad_request} that names the field at fault
     */
    public <T> T body(Class<T> type) {
        return optionalBody(type)
                .orElseThrow(() -> new FairleadException(ErrorCode.BAD_REQUEST, "This call needs a JSON body"));
    }

    /** The body as it came. */
    byte[] bytes() {
        return body.getBytes();
    }

    /** As {@link #body}, where there is one. */
    public <T> Optional<T> optionalBody(Class<T> type) {
        if (decoded.filter(type::isInstance).isPresent()) {
            return decoded.map(type::cast);
        }
        byte[] json = body.getBytes();
        return json.length == 0 ? Optional.empty() : Optional.of(FrameCodec.decodeData(json, 0, json.length, type));
    }
}
