package dev.fairlead.gateway.messages;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.RawJson;
import java.io.IOException;

/**
 * Tells whether two messages say the same, however their JSON is written: white space, escapes and the order of an
 * object's members do not count, as a sender that repeats itself may write them otherwise. 64 bits, and no secret: who
 * wants two messages to pass for one only deceives itself.
 */
final class ContentHash {
    /** Beside the tokens of values. */
    private static final char TYPE = 't';

    private static final char NAME = 'n';

    private static final long OBJECT = 0x9e3779b97f4a7c15L;
    private static final long ARRAY = 0xc2b2ae3d27d4eb4fL;

    private ContentHash() {}

    /** @throws FairleadException {@code invalid_json} */
    static long of(String type, RawJson payload) {
        try (JsonParser in = payload.parser()) {
            in.nextToken();
            return mix(text(TYPE, type) + value(in));
        } catch (IOException e) {
            // Whoever made it vouched for it.
            throw new FairleadException(ErrorCode.INVALID_JSON, "The payload is not one JSON value");
        }
    }

    /** Of the value whose first token is the current one; its last one is afterwards. */
    private static long value(JsonParser in) throws IOException {
        JsonToken token = in.currentToken();
        if (token == JsonToken.START_OBJECT) {
            long sum = OBJECT;
            while (in.nextToken() != JsonToken.END_OBJECT) {
                long name = text(NAME, in.currentName());
                in.nextToken();
                sum += mix(name ^ mix(value(in))); // in whatever order
            }
            return mix(sum);
        }
        if (token == JsonToken.START_ARRAY) {
            long chain = ARRAY;
            while (in.nextToken() != JsonToken.END_ARRAY) {
                chain = mix(chain) + value(in);
            }
            return mix(chain);
        }
        return text((char) token.id(), in.getText());
    }

    private static long text(char kind, String text) {
        return mix(TextHash.of(kind, text));
    }

    /** Each bit of the outcome depends on each of the input: the finalizer of SplitMix64. */
    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
