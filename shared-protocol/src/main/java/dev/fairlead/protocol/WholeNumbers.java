package dev.fairlead.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.std.NumberDeserializers;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.util.AccessPattern;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Objects;

/**
 * Whole numbers as JSON Schema has them: {@code 5.0} and {@code 5e0} are the integer 5, which programs write whose
 * language has one kind of number. A number with a fraction is none.
 */
final class WholeNumbers {
    /** Of the largest long; more is refused before an exponent is written out. */
    private static final int MOST_DIGITS = 19;

    private WholeNumbers() {}

    static void addTo(SimpleModule module) {
        add(module, Integer.class);
        add(module, Integer.TYPE);
        add(module, Long.class);
        add(module, Long.TYPE);
    }

    @SuppressWarnings("unchecked") // find gives the deserializer of that very type
    private static <T> void add(SimpleModule module, Class<T> type) {
        JsonDeserializer<T> standard =
                (JsonDeserializer<T>) Objects.requireNonNull(NumberDeserializers.find(type, type.getName()));
        module.addDeserializer(type, new Whole<>(type, standard));
    }

    private static final class Whole<T> extends StdScalarDeserializer<T> {
        private static final long serialVersionUID = 1L;

        private final transient JsonDeserializer<T> standard;

        private Whole(Class<T> type, JsonDeserializer<T> standard) {
            super(type);
            this.standard = standard;
        }

        @Override
        public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            if (!parser.hasToken(JsonToken.VALUE_NUMBER_FLOAT)) {
                return standard.deserialize(parser, context);
            }
            BigDecimal number = parser.getDecimalValue();
            if (number.precision() - (long) number.scale() > MOST_DIGITS
                    || number.stripTrailingZeros().scale() > 0) {
                return standard.deserialize(parser, context); // which says that it is none
            }
            try (JsonParser whole = context.getParser()
                    .getCodec()
                    .getFactory()
                    .createParser(number.toBigInteger().toString())) {
                whole.nextToken();
                return standard.deserialize(whole, context);
            }
        }

        @Override
        public T getNullValue(DeserializationContext context) throws JsonMappingException {
            return standard.getNullValue(context);
        }

        @Override
        public AccessPattern getNullAccessPattern() {
            return standard.getNullAccessPattern();
        }

        @Override
        public Object getEmptyValue(DeserializationContext context) throws JsonMappingException {
            return standard.getEmptyValue(context);
        }
    }
}
