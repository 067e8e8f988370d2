package dev.fairlead.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.json.UTF8JsonGenerator;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import java.io.IOException;

/**
 * A {@link RawJson} within a record. Read, it is the range of what is parsed, neither bound nor copied, and checked all
 * the same; written, it stands there as the bytes it is.
 */
final class RawJsonFormat {
    /** Under which a reader finds what it parses. */
    private static final Object SOURCE = Source.class;

    @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
    private record Source(byte[] bytes, int offset) {}

    private RawJsonFormat() {}

    static void addTo(SimpleModule module) {
        module.addSerializer(RawJson.class, new Writer());
        module.addDeserializer(RawJson.class, new Reader());
    }

    /** A reader of that range: what it reads may hold on to it. */
    static ObjectReader of(ObjectReader reader, byte[] source, int offset) {
        return reader.withAttribute(SOURCE, new Source(source, offset));
    }

    /** The value that a parser of {@code source} from {@code offset} on is at; the parser is at its end then. */
    static RawJson range(JsonParser parser, byte[] source, int offset) throws IOException {
        int start = start(parser, offset);
        parser.skipChildren();
        return upToHere(parser, source, offset, start);
    }

    private static int start(JsonParser parser, int offset) {
        return offset + (int) parser.currentTokenLocation().getByteOffset();
    }

    private static RawJson upToHere(JsonParser parser, byte[] source, int offset, int start) throws IOException {
        parser.finishToken(); // a string is read to its end only when somebody wants it
        int end = offset + (int) parser.currentLocation().getByteOffset();
        return new RawJson(source, start, end - start);
    }

    private static final class Reader extends StdDeserializer<RawJson> {
        private static final long serialVersionUID = 1L;

        private Reader() {
            super(RawJson.class);
        }

        @Override
        public RawJson deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            boolean ofBytes = parser.currentTokenLocation().getByteOffset() >= 0;
            if (!ofBytes || !(context.getAttribute(SOURCE) instanceof Source source)) {
                return RawJson.of((Object) context.readTree(parser));
            }
            int start = start(parser, source.offset());
            int depth = 0;
            for (JsonToken token = parser.currentToken(); ; token = parser.nextToken()) {
                if (token.isStructStart()) {
                    depth++;
                } else if (token.isStructEnd()) {
                    depth--;
                } else if (token == JsonToken.VALUE_NUMBER_FLOAT) {
                    parser.getDecimalValue(); // one beyond all bounds is found now, not by who gets it
                }
                if (depth == 0) {
                    return upToHere(parser, source.bytes(), source.offset(), start);
                }
            }
        }

        @Override
        public RawJson getNullValue(DeserializationContext context) {
            return RawJson.ofText("null");
        }

        /** What is not there is no value, null is one. */
        @Override
        public Object getAbsentValue(DeserializationContext context) {
            return null;
        }
    }

    private static final class Writer extends StdSerializer<RawJson> {
        private static final long serialVersionUID = 1L;

        private Writer() {
            super(RawJson.class);
        }

        @Override
        public void serialize(RawJson json, JsonGenerator out, SerializerProvider provider) throws IOException {
            if (out instanceof UTF8JsonGenerator) {
                out.writeRawValue(new Verbatim(json));
            } else if (out instanceof TokenBuffer) {
                out.writeTree(json.as(JsonNode.class));
            } else {
                out.writeRawValue(json.text());
            }
        }
    }

    /** What a generator of bytes copies into its own. */
    private static final class Verbatim extends SerializedString {
        private static final long serialVersionUID = 1L;

        private final transient RawJson json;

        private Verbatim(RawJson json) {
            super("");
            this.json = json;
        }

        @Override
        public int appendUnquotedUTF8(byte[] buffer, int offset) {
            if (json.length() > buffer.length - offset) {
                _unquotedUTF8Ref = json.toBytes(); // which it asks for next
                return -1;
            }
            return json.copyTo(buffer, offset) - offset;
        }
    }
}
