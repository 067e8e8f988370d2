package dev.fairlead.gateway.instances;

import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import java.util.Map;
import java.util.regex.Pattern;

/** What labels may be, such as {@code team=a}: short enough to stand on a page, in a URL and on a command line. */
final class Labels {
    /** Of one instance. */
    static final int MAX_LABELS = 16;

    static final int MAX_CHARS = 63;

    static final Pattern KEY = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9_./-]{0,61}[A-Za-z0-9])?");
    /** May be empty: a label that only is there. */
    static final Pattern VALUE = Pattern.compile("(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?");

    private Labels() {}

    /** Refuses with {@code bad_request} what cannot be the labels of an instance. */
    static void check(Map<String, String> labels) {
        if (labels.size() > MAX_LABELS) {
            throw refused("Field 'labels' has at most " + MAX_LABELS + " labels");
        }
        labels.forEach((key, value) -> {
            if (!KEY.matcher(key).matches()) {
                throw refused(
                        "Field 'labels' has a key that is none: letters, digits, '.', '_', '-' and '/', a letter or"
                                + " digit first and last, " + MAX_CHARS + " at most");
            }
            if (!VALUE.matcher(value).matches()) {
                throw refused(
                        "The value of '" + key + "' in field 'labels' is none: letters, digits, '.', '_' and '-', a"
                                + " letter or digit first and last, " + MAX_CHARS + " at most");
            }
        });
    }

    private static FairleadException refused(String why) {
        return new FairleadException(ErrorCode.BAD_REQUEST, why);
    }
}
