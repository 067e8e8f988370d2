package dev.fairlead.gateway.instances;

import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which instances are meant, by their labels, as Kubernetes writes it: {@code team=a}, {@code team!=a}, {@code team in
 * (a,b)}, {@code team notin (a,b)}, {@code team} for those that have the label, {@code !team} for those that have not.
 * Several stand with commas between them and hold all. As there, {@code !=} and {@code notin} hold as well where there
 * is no such label.
 */
final class LabelSelector {
    static final int MAX_CHARS = 1_000;
    static final int MAX_TERMS = 16;
    static final int MAX_VALUES = 64;

    private static final Pattern SET = Pattern.compile("(\\S+)\\s+(in|notin)\\s*\\(([^()]*)\\)");
    private static final Pattern EQUAL = Pattern.compile("([^\\s=!]+)\\s*(==|=|!=)\\s*(\\S*)");
    private static final Pattern THERE = Pattern.compile("(!?)\\s*([^\\s=!]+)");

    /**
     * One condition.
     *
     * @param values that the label has one of; empty where it only needs to be there
     * @param holds whether those are meant that fulfil it, or those that do not
     */
    private record Term(String key, Optional<Set<String>> values, boolean holds) {
        boolean matches(Map<String, String> labels) {
            String value = labels.get(key);
            return holds
                    == (value != null && values.map(all -> all.contains(value)).orElse(true));
        }
    }

    private final List<Term> terms;

    private LabelSelector(List<Term> terms) {
        this.terms = List.copyOf(terms);
    }

    /**
     * Reads one.
     *
     * @throws FairleadException {@code bad_request} that says which part of it is none
     */
    static LabelSelector parse(String text) {
        if (text.isBlank()) {
            throw refused("The selector is empty; it is such as team=a");
        }
        if (text.length() > MAX_CHARS) {
            throw refused("The selector has more than " + MAX_CHARS + " characters");
        }
        List<String> parts = split(text);
        if (parts.size() > MAX_TERMS) {
            throw refused("The selector has more than " + MAX_TERMS + " conditions");
        }
        return new LabelSelector(parts.stream().map(LabelSelector::term).toList());
    }

    boolean matches(Map<String, String> labels) {
        return terms.stream().allMatch(term -> term.matches(labels));
    }

    /** At the commas outside of parentheses. */
    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ',' && depth == 0) {
                parts.add(text.substring(from, i).strip());
                from = i + 1;
            }
        }
        parts.add(text.substring(from).strip());
        return parts;
    }

    private static Term term(String part) {
        Matcher set = SET.matcher(part);
        if (set.matches()) {
            return new Term(
                    key(set.group(1), part),
                    Optional.of(values(set.group(3), part)),
                    set.group(2).equals("in"));
        }
        Matcher equal = EQUAL.matcher(part);
        if (equal.matches()) {
            boolean holds = !equal.group(2).equals("!=");
            return new Term(key(equal.group(1), part), Optional.of(Set.of(value(equal.group(3), part))), holds);
        }
        Matcher there = THERE.matcher(part);
        if (there.matches()) {
            return new Term(
                    key(there.group(2), part), Optional.empty(), there.group(1).isEmpty());
        }
        throw none(part);
    }

    private static Set<String> values(String list, String part) {
        String[] values = list.split(",", -1);
        if (values.length > MAX_VALUES) {
            throw refused("A condition of the selector has more than " + MAX_VALUES + " values");
        }
        return Arrays.stream(values).map(value -> value(value.strip(), part)).collect(Collectors.toUnmodifiableSet());
    }

    private static String key(String key, String part) {
        if (!Labels.KEY.matcher(key).matches()) {
            throw none(part);
        }
        return key;
    }

    private static String value(String value, String part) {
        if (!Labels.VALUE.matcher(value).matches()) {
            throw none(part);
        }
        return value;
    }

    private static FairleadException none(String part) {
        return refused("'" + part + "' in the selector is none of KEY=VALUE, KEY!=VALUE, KEY in (A,B), KEY notin (A,B),"
                + " KEY, !KEY");
    }

    private static FairleadException refused(String why) {
        return new FairleadException(ErrorCode.BAD_REQUEST, why);
    }
}
