package dev.fairlead.gateway.bus;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.Deserializers;
import com.fasterxml.jackson.databind.jsontype.TypeDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.ReferenceType;
import dev.fairlead.protocol.RawJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/** How the value types of bus messages stand in JSON between nodes: as text that loses nothing. */
final class WireTypes extends SimpleModule {
    private static final long serialVersionUID = 1L;

    WireTypes() {
        super("fairlead-wire");
        add(Instant.class, Instant::toString, Instant::parse);
        add(Duration.class, Duration::toString, Duration::parse);
        add(RawJson.class, RawJson::text, text -> RawJson.of(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void setupModule(SetupContext context) {
        super.setupModule(context);
        context.addDeserializers(new Deserializers.Base() {
            @Override
            public JsonDeserializer<?> findReferenceDeserializer(
                    ReferenceType type,
                    DeserializationConfig config,
                    BeanDescription described,
                    TypeDeserializer typed,
                    JsonDeserializer<?> content) {
                return type.hasRawClass(Optional.class) && type.getContentType().isTypeOrSubTypeOf(JsonNode.class)
                        ? new OptionalTree()
                        : null; // somebody else's
            }
        });
    }

    /** Of a tree that may be absent, null is no tree; to Jackson it is one with nothing in it. */
    private static final class OptionalTree extends JsonDeserializer<Optional<JsonNode>> {
        @Override
        public Optional<JsonNode> deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return Optional.of(context.readTree(in));
        }

        @Override
        public Optional<JsonNode> getNullValue(DeserializationContext context) {
            return Optional.empty();
        }
    }

    private <T> void add(Class<T> type, Function<T, String> write, Function<String, T> read) {
        addSerializer(type, new JsonSerializer<>() {
            @Override
            public void serialize(T value, JsonGenerator out, SerializerProvider provider) throws IOException {
                out.writeString(write.apply(value));
            }
        });
        addDeserializer(type, new JsonDeserializer<>() {
            @Override
            public T deserialize(JsonParser in, DeserializationContext context) throws IOException {
                return read.apply(in.getText());
            }
        });
    }
}
