package dev.fairlead.gateway.settings;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a million tokens of a model cost, in US dollars. */
public record ModelPrice(BigDecimal input, BigDecimal output) {
    /** How one is written. */
    public static final String ACCEPTS = "model=in/out, US dollars a million tokens, such as gpt-4o=2.50/10";

    private static final Pattern FORM = Pattern.compile("(.+)=(\\d{1,9}(?:\\.\\d{1,9})?)/(\\d{1,9}(?:\\.\\d{1,9})?)");

    /** By model, out of elements of a list that were checked. */
    static Map<String, ModelPrice> table(List<String> elements) {
        Map<String, ModelPrice> prices = new LinkedHashMap<>();
        for (String element : elements) {
            Matcher parts = parts(element);
            prices.put(parts.group(1), new ModelPrice(new BigDecimal(parts.group(2)), new BigDecimal(parts.group(3))));
        }
        return Map.copyOf(prices);
    }

    static Matcher parts(String element) {
        Matcher parts = FORM.matcher(element);
        if (!parts.matches()) {
            throw new IllegalArgumentException("a list of " + ACCEPTS + ", or none");
        }
        return parts;
    }
}
