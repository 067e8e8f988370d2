package dev.fairlead.gateway.bus;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Passes records by reference on one node (they are immutable), and as class name and JSON between nodes. Only classes
 * of this product are ever loaded by name.
 */
final class RecordCodec implements MessageCodec<Record, Record> {
    static final String NAME = "fairlead.record";
    private static final String OWN_CLASSES = "dev.fairlead.";

    /** Made when a second node is first spoken to. */
    private static final class Wire {
        static final ObjectMapper MAPPER = JsonMapper.builder()
                .addModule(new Jdk8Module())
                .addModule(new WireTypes())
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .addMixIn(Event.class, TypedByClass.class)
                .setDefaultTyping(new FamilyTypes())
                .build();
    }

    /** Members of a sealed family stand behind its interface inside other records; their class travels with them. */
    private static final class FamilyTypes extends ObjectMapper.DefaultTypeResolverBuilder {
        private static final long serialVersionUID = 1L;

        FamilyTypes() {
            super(
                    ObjectMapper.DefaultTyping.NON_FINAL,
                    BasicPolymorphicTypeValidator.builder()
                            .allowIfSubType(OWN_CLASSES)
                            .build());
            init(JsonTypeInfo.Id.MINIMAL_CLASS, null)
                    .inclusion(JsonTypeInfo.As.PROPERTY)
                    .typeProperty("@");
        }

        @Override
        public boolean useForType(JavaType type) {
            return type.getRawClass().isSealed() && type.getRawClass().getName().startsWith(OWN_CLASSES);
        }
    }

    /** Events stand behind sealed interfaces inside other records; their class travels with them. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.MINIMAL_CLASS, property = "@")
    private interface TypedByClass {}

    @Override
    public void encodeToWire(Buffer buffer, Record message) {
        try {
            byte[] name = message.getClass().getName().getBytes(StandardCharsets.UTF_8);
            byte[] json = Wire.MAPPER.writeValueAsBytes(message);
            buffer.appendUnsignedShort(name.length)
                    .appendBytes(name)
                    .appendInt(json.length)
                    .appendBytes(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Record decodeFromWire(int pos, Buffer buffer) {
        int at = pos;
        int nameLength = buffer.getUnsignedShort(at);
        at += Short.BYTES;
        String name = buffer.getString(at, at + nameLength);
        at += nameLength;
        int jsonLength = buffer.getInt(at);
        at += Integer.BYTES;
        if (!name.startsWith(OWN_CLASSES)) {
            throw new IllegalArgumentException("Not a message of this product: " + name);
        }
        try {
            Class<?> type = Class.forName(name, false, RecordCodec.class.getClassLoader());
            return Wire.MAPPER.readValue(buffer.getBytes(at, at + jsonLength), type.asSubclass(Record.class));
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException("Unknown message " + name + "; are all nodes of one version?", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Record transform(Record message) {
        return message;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
