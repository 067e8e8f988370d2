package dev.fairlead.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Frames and data to compact JSON and back, the same on both ends.
 *
 * <p>Written: {@code type} first, snake_case, instants in UTC with three digits of milliseconds, an empty
 * {@code Optional} left out unless its component says {@code null}. Read strictly: nesting, names, numbers and strings
 * are bounded, a key stands once, nothing follows, a component that is not {@code Optional} must be there and of its
 * kind; unknown fields are ignored.
 */
public final class FrameCodec {
    /** Objects and arrays within each other, the frame itself counted. */
    public static final int MAX_DEPTH = 32;
    /** Of one string, in characters; a message is bounded before it is parsed. */
    public static final int MAX_STRING_LENGTH = 1 << 20;

    static final int MAX_NUMBER_LENGTH = 100;
    static final int MAX_NAME_LENGTH = 1_000;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(MAX_STRING_LENGTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .maxNameLength(MAX_NAME_LENGTH)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES) // names come from strangers: they must not stay
            .build();

    private static final JsonMapper MAPPER = JsonMapper.builder(FACTORY)
            .addModule(new Jdk8Module())
            .addModule(new WireModule())
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, JsonInclude.Include.USE_DEFAULTS))
            .defaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL)) // no null within a list either
            .enable(
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                    DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY,
                    DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES) // what is passed on stays as it was written
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(
                    LogicalType.Textual, config -> config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .build();

    private FrameCodec() {}

    /** Compact JSON of a frame, a record, a map or a tree. */
    public static byte[] encode(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Cannot be written as JSON: " + value.getClass(), e);
        }
    }

    /** As {@link #encode}, as text. */
    public static String text(Object value) {
        return new String(encode(value), StandardCharsets.UTF_8);
    }

    /** A frame of a stream with its place in it, {@code "epoch"} and {@code "seq"}, as the last two fields. */
    public static byte[] encode(StreamFrame frame, StreamPosition position) {
        return append(encode(frame), ",\"epoch\":\"" + position.epoch() + "\",\"seq\":" + position.seq() + "}");
    }

    /** A snapshot that replaces what a slow consumer missed: {@code "resync":true}, epoch and seq at its end. */
    public static byte[] encodeResync(StreamFrame snapshot, StreamPosition position) {
        return append(
                encode(snapshot),
                ",\"resync\":true,\"epoch\":\"" + position.epoch() + "\",\"seq\":" + position.seq() + "}");
    }

    /**
     * Reads a frame.
     *
     * @throws FairleadException {@code invalid_json}; {@code invalid_frame}, where it is no object with a {@code type};
     *     {@code unknown_type}; {@code bad_request} that names the field at fault
     */
    public static <T> T decode(byte[] json, Class<T> family) {
        return decode(json, 0, json.length, family);
    }

    /** The same as {@link #decode(byte[], Class)} for a range. */
    public static <T> T decode(byte[] json, int offset, int length, Class<T> family) {
        requireUtf8(json, offset, length);
        try {
            return Optional.ofNullable(MAPPER.readValue(json, offset, length, family))
                    .orElseThrow(FrameCodec::noFrame);
        } catch (InvalidTypeIdException e) {
            throw e.getTypeId() == null
                    ? noFrame()
                    : new FairleadException(ErrorCode.UNKNOWN_TYPE, "No such frame type here");
        } catch (JsonMappingException e) {
            throw isSyntax(e) || !e.getPath().isEmpty() ? badField(e) : noFrame();
        } catch (IOException e) {
            throw notJson(e);
        } catch (NumberFormatException e) {
            throw noNumber();
        }
    }

    /**
     * Reads data that has no {@code type}: what an envelope holds, the body of a request. A {@link RawJson} in it is a
     * range of {@code json}, which must not change any more.
     *
     * @throws FairleadException {@code invalid_json}; {@code bad_request} that names the field at fault
     */
    public static <T> T decodeData(byte[] json, int offset, int length, Class<T> type) {
        requireUtf8(json, offset, length);
        try {
            T value = RawJsonFormat.of(MAPPER.readerFor(type), json, offset).readValue(json, offset, length);
            return Optional.ofNullable(value).orElseThrow(() -> badField(""));
        } catch (JsonMappingException e) {
            throw badField(e);
        } catch (IOException e) {
            throw notJson(e);
        } catch (NumberFormatException e) {
            throw noNumber();
        }
    }

    /** Any JSON value as a tree. */
    public static JsonNode tree(byte[] json) {
        return decodeData(json, 0, json.length, JsonNode.class);
    }

    /** Any JSON text as a tree. */
    public static JsonNode tree(String json) {
        return tree(json.getBytes(StandardCharsets.UTF_8));
    }

    /** A record or map as a tree. */
    public static JsonNode toTree(Object value) {
        return value instanceof JsonNode node ? node : MAPPER.valueToTree(value);
    }

    /**
     * A tree as a record.
     *
     * @throws FairleadException {@code bad_request} that names the field at fault
     */
    public static <T> T fromTree(JsonNode tree, Class<T> type) {
        try {
            return Optional.ofNullable(MAPPER.treeToValue(tree, type)).orElseThrow(() -> badField(""));
        } catch (JsonMappingException e) {
            throw badField(e);
        } catch (JsonProcessingException e) {
            throw notJson(e);
        }
    }

    /** An empty object, to be filled. */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static JsonParser parser(byte[] source, int offset, int length) throws IOException {
        requireUtf8(source, offset, length);
        return FACTORY.createParser(source, offset, length);
    }

    /**
     * The parser guesses the encoding from the first four bytes; UTF-16 and UTF-32 would show as a zero or a byte order
     * mark there, neither of which begins JSON in UTF-8.
     */
    private static void requireUtf8(byte[] source, int offset, int length) {
        if (length == 0) {
            throw new FairleadException(ErrorCode.INVALID_JSON, "Empty where JSON is expected");
        }
        boolean guessable = source[offset] < 0;
        for (int i = offset; i < offset + Math.min(4, length); i++) {
            guessable |= source[i] == 0;
        }
        if (guessable) {
            throw new FairleadException(ErrorCode.INVALID_JSON, "JSON must be UTF-8 without a byte order mark");
        }
    }

    static FairleadException notJson(IOException cause) {
        String where = cause instanceof JsonProcessingException e && e.getLocation() != null
                ? " (at byte " + Math.max(0, e.getLocation().getByteOffset()) + ")"
                : "";
        return new FairleadException(
                ErrorCode.INVALID_JSON,
                "Not one JSON value without duplicate keys, nested at most " + MAX_DEPTH + " deep" + where);
    }

    /** The parser takes any exponent; only whoever wants the number finds it beyond all bounds. */
    private static FairleadException noNumber() {
        return new FairleadException(ErrorCode.INVALID_JSON, "A number in the JSON is beyond all bounds");
    }

    static FairleadException trailing() {
        return new FairleadException(ErrorCode.INVALID_JSON, "Something follows the JSON value");
    }

    private static FairleadException noFrame() {
        return new FairleadException(ErrorCode.INVALID_FRAME, "A frame is a JSON object with a 'type'");
    }

    /** Binding wraps what the parser found wrong further in; a number that does not fit its field is well-formed. */
    private static boolean isSyntax(JsonMappingException e) {
        return e.getCause() instanceof StreamConstraintsException
                || (e.getCause() instanceof StreamReadException && !(e.getCause() instanceof InputCoercionException));
    }

    private static FairleadException badField(JsonMappingException e) {
        if (isSyntax(e)) {
            return notJson(e);
        }
        if (e.getCause() instanceof FairleadException told && told.code() == ErrorCode.BAD_REQUEST) {
            return told; // what reads the value knows better what is wrong with it
        }
        String field = e.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                .collect(Collectors.joining("."));
        return e instanceof InvalidFormatException wrong
                        && wrong.getTargetType().isEnum()
                ? new FairleadException(
                        ErrorCode.BAD_REQUEST, "Field '" + field + "' is one of " + words(wrong.getTargetType()))
                : badField(field);
    }

    /** The constants of an enum as they stand in JSON. */
    private static String words(Class<?> constants) {
        return Arrays.stream(constants.getEnumConstants())
                .map(constant -> MAPPER.convertValue(constant, String.class))
                .collect(Collectors.joining(", "));
    }

    private static FairleadException badField(String field) {
        return new FairleadException(
                ErrorCode.BAD_REQUEST,
                field.isEmpty()
                        ? "The data is missing or of the wrong kind"
                        : "Field '" + field + "' is missing or of the wrong kind");
    }

    private static byte[] append(byte[] object, String ending) {
        byte[] tail = ending.getBytes(StandardCharsets.UTF_8);
        int head = object.length - 1; // without its closing brace
        byte[] joined = new byte[head + tail.length];
        System.arraycopy(object, 0, joined, 0, head);
        System.arraycopy(tail, 0, joined, head, tail.length);
        return joined;
    }
}
