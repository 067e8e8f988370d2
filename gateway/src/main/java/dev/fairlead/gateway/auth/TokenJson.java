package dev.fairlead.gateway.auth;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.fairlead.protocol.FairleadException;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The two JSON objects of a token, read strictly: no doubled field, nothing behind the end, types as they must be. */
final class TokenJson {
    private static final int MAX_DEPTH = 8;
    private static final int MAX_TEXT = 256;

    /** The last second of the year 9999: what is later is no time but an attempt to overflow something. */
    private static final long MAX_EPOCH_SECOND = 253_402_300_799L;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(TokenVerifier.MAX_LENGTH)
                    .build())
            .build();

    private TokenJson() {}

    /** Checks what the token says of itself. Keys and certificates it may bring along are never looked at. */
    static void checkHeader(byte[] json) {
        Map<String, Object> header = read(json);
        if (!"HS256".equals(header.get("alg"))) {
            throw TokenVerifier.refused("its algorithm is not HS256");
        }
        if (header.containsKey("typ") && !"JWT".equals(header.get("typ"))) {
            throw TokenVerifier.refused("its type is not JWT");
        }
        if (header.containsKey("crit")) {
            throw TokenVerifier.refused("it demands an extension");
        }
    }

    static Claims claims(byte[] json) {
        return new Claims(read(json));
    }

    /** Fields of the top level: strings as String, integers as Long, all else as the token that begins it. */
    private static Map<String, Object> read(byte[] json) {
        Map<String, Object> fields = new HashMap<>();
        try (JsonParser in = JSON.createParser(json)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw TokenVerifier.refused("it does not hold JSON objects");
            }
            while (in.nextToken() != JsonToken.END_OBJECT) {
                String name = in.currentName();
                JsonToken value = in.nextToken();
                if (value == JsonToken.VALUE_STRING) {
                    fields.put(name, in.getText());
                } else if (value == JsonToken.VALUE_NUMBER_INT
                        && in.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
                    fields.put(name, in.getLongValue());
                } else {
                    fields.put(name, value);
                    in.skipChildren();
                }
            }
            if (in.nextToken() != null) {
                throw TokenVerifier.refused("something follows its JSON");
            }
            return fields;
        } catch (IOException e) {
            // Its message quotes the token; ours does not.
            throw TokenVerifier.refused("it does not hold JSON objects");
        }
    }

    /** The payload, asked claim by claim. */
    record Claims(Map<String, Object> fields) {
        /**
         * A claim that must be there, as a string that is neither empty nor long.
         *
         * @throws FairleadException {@code unauthorized}, where it is not
         */
        String text(String claim) {
            if (fields.get(claim) instanceof String text && !text.isEmpty() && text.length() <= MAX_TEXT) {
                return text;
            }
            throw TokenVerifier.refused("its " + claim + " is missing or malformed");
        }

        /**
         * A time in whole seconds since 1970; empty where the claim is not there.
         *
         * @throws FairleadException {@code unauthorized}, where it is there but no such time
         */
        Optional<Instant> time(String claim) {
            if (!fields.containsKey(claim)) {
                return Optional.empty();
            }
            if (fields.get(claim) instanceof Long seconds && seconds >= 0 && seconds <= MAX_EPOCH_SECOND) {
                return Optional.of(Instant.ofEpochSecond(seconds));
            }
            throw TokenVerifier.refused("its " + claim + " is not a time in seconds");
        }
    }
}
