package dev.fairlead.gateway.settings;

import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a setting's text must look like.
 *
 * @param accepts what is accepted, as it completes the sentence "expected …"
 * @param emptyWord the word that a list shows for "nothing listed", {@code own} or {@code any}; present marks a list
 * @param check throws {@link IllegalArgumentException}, whose message says what is accepted, for text it refuses
 */
record SettingType(String accepts, Optional<String> emptyWord, Consumer<String> check) {

    private static final int LEAST_KEY_BYTES = 32;
    private static final Pattern CREDENTIALS_IN_URL = Pattern.compile("(?i)(password|pwd)=|//[^/@]*:[^/@]*@");
    private static final Pattern CHAT_AGENT = Pattern.compile("operator|llm|agent:[a-z0-9][a-z0-9-]{0,62}");
    private static final Pattern API_VERSION = Pattern.compile("20\\d{6}");
    private static final Pattern BASE_PATH = Pattern.compile("/|(/[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,63}){1,8}");
    private static final Pattern ACCOUNT = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,31}");
    private static final Pattern MAIL = Pattern.compile("[^\\s@<>,\"]{1,64}@[A-Za-z0-9.-]{1,190}");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:%\\[\\]-]{1,255}");

    private static SettingType of(String accepts, Consumer<String> check) {
        return new SettingType(accepts, Optional.empty(), check);
    }

    /** Whether the empty text, "not set", is accepted. */
    private static SettingType optional(SettingType type) {
        return new SettingType(type.accepts(), type.emptyWord(), text -> {
            if (!text.isEmpty()) {
                type.check().accept(text);
            }
        });
    }

    static SettingType host() {
        return matching("a host name or an address", HOST);
    }

    static SettingType optionalHost() {
        return optional(host());
    }

    static SettingType optionalAccount() {
        return optional(matching("the name of an account of this machine", ACCOUNT));
    }

    static SettingType optionalText() {
        return of("a text", text -> {});
    }

    static SettingType path() {
        return of("a path", text -> {
            if (text.isEmpty() || !isPath(text)) {
                throw new IllegalArgumentException("a path");
            }
        });
    }

    private static boolean isPath(String text) {
        try {
            SettingValues.expanded(text);
            return true;
        } catch (InvalidPathException e) {
            return false;
        }
    }

    static SettingType optionalPath() {
        return optional(path());
    }

    /** A version that is the day it came out on. */
    static SettingType apiVersion() {
        return matching("a day, written as 20251101", API_VERSION);
    }

    static SettingType flag() {
        return of("true or false", text -> {
            if (!text.equals("true") && !text.equals("false")) {
                throw new IllegalArgumentException("true or false");
            }
        });
    }

    static SettingType number(int least, int most) {
        String accepts = "a whole number from " + least + " to " + most;
        return of(accepts, text -> {
            if (!text.matches("\\d{1,10}") || Long.parseLong(text) < least || Long.parseLong(text) > most) {
                throw new IllegalArgumentException(accepts);
            }
        });
    }

    static SettingType optionalNumber(int least, int most) {
        return optional(number(least, most));
    }

    static SettingType amount() {
        String accepts = "a positive amount such as 100 or 2500.50";
        return of(accepts, text -> {
            if (!text.matches("\\d{1,15}(\\.\\d{1,8})?") || new BigDecimal(text).signum() == 0) {
                throw new IllegalArgumentException(accepts);
            }
        });
    }

    static SettingType optionalAmount() {
        return optional(amount());
    }

    /** A duration longer than nothing. */
    static SettingType time() {
        return of(DurationText.ACCEPTS, text -> {
            if (DurationText.parse(text).isZero()) {
                throw new IllegalArgumentException(DurationText.ACCEPTS + ", more than 0");
            }
        });
    }

    /** A duration where {@code 0} means off. */
    static SettingType timeOrOff() {
        return of(DurationText.ACCEPTS + ", or 0 for off", DurationText::parse);
    }

    /** What memory or one file may have to hold. */
    static SettingType size(String least) {
        return size(least, "1GiB");
    }

    static SettingType size(String least, String most) {
        long leastBytes = ByteSize.parse(least).bytes();
        long mostBytes = ByteSize.parse(most).bytes();
        String accepts = ByteSize.ACCEPTS + ", from " + least + " to " + most;
        return of(accepts, text -> {
            long bytes = ByteSize.parse(text).bytes();
            if (bytes < leastBytes || bytes > mostBytes) {
                throw new IllegalArgumentException(accepts);
            }
        });
    }

    /** A list, commas between; {@code emptyWord} alone means an empty one. */
    static SettingType list(String emptyWord) {
        return new SettingType("a list, commas between, or " + emptyWord, Optional.of(emptyWord), text -> {});
    }

    /** A list of rules of which no two have the same id. */
    static SettingType alertRules() {
        return new SettingType("a list of " + AlertRule.ACCEPTS + ", or none", Optional.of("none"), text -> {
            if (!text.equals("none")) {
                Set<String> ids = new HashSet<>();
                for (String element : elements(text)) {
                    AlertRule rule = AlertRule.parse(element);
                    if (!ids.add(rule.id())) {
                        throw new IllegalArgumentException("one rule of " + rule.id() + " alone");
                    }
                }
            }
        });
    }

    static SettingType optionalMail() {
        return optional(matching("an e-mail address", MAIL));
    }

    /** A list of e-mail addresses. */
    static SettingType mails(String emptyWord) {
        return new SettingType("e-mail addresses, commas between, or " + emptyWord, Optional.of(emptyWord), text -> {
            if (!text.equals(emptyWord)) {
                elements(text).forEach(optionalMail().check());
            }
        });
    }

    /** A price table: {@code none}, or elements as {@link ModelPrice} has them. */
    static SettingType prices() {
        return new SettingType("a list of " + ModelPrice.ACCEPTS + ", or none", Optional.of("none"), text -> {
            if (!text.equals("none")) {
                elements(text).forEach(ModelPrice::parts);
            }
        });
    }

    static SettingType optionalCount() {
        String accepts = "a whole number of 1 or more";
        return optional(of(accepts, text -> {
            if (!text.matches("\\d{1,15}") || Long.parseLong(text) == 0) {
                throw new IllegalArgumentException(accepts);
            }
        }));
    }

    /** A list of ranges of addresses. */
    static SettingType cidrs(String emptyWord) {
        return new SettingType("ranges of addresses, commas between, or " + emptyWord, Optional.of(emptyWord), text -> {
            if (!text.equals(emptyWord)) {
                elements(text).forEach(Cidr::parse);
            }
        });
    }

    /** A path of whole steps, without a slash at its end save where that is all. */
    static SettingType basePath() {
        return matching("a path such as / or /fairlead", BASE_PATH);
    }

    static SettingType choice(Class<? extends Enum<?>> type) {
        List<String> words =
                Arrays.stream(type.getEnumConstants()).map(SettingType::word).toList();
        String accepts = "one of " + String.join(", ", words);
        return of(accepts, text -> {
            if (!words.contains(text)) {
                throw new IllegalArgumentException(accepts);
            }
        });
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    static SettingType confirmation() {
        return of(OrderConfirmation.ACCEPTS, OrderConfirmation::parse);
    }

    static SettingType chatAgent() {
        return matching("operator, llm or agent:<name>", CHAT_AGENT);
    }

    static SettingType secret() {
        return of("a text without line breaks", text -> {
            if (text.equals(Secret.MASK)) {
                throw new IllegalArgumentException("the secret itself, not the mask that --print-config shows for it");
            }
            if (text.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("a text without line breaks or control characters");
            }
        });
    }

    static SettingType signingKey() {
        String accepts = "at least " + LEAST_KEY_BYTES + " random bytes in base64 (openssl rand -base64 32)";
        return optional(of(accepts, text -> {
            if (decodedLength(text) < LEAST_KEY_BYTES) {
                throw new IllegalArgumentException(accepts);
            }
        }));
    }

    private static int decodedLength(String base64) {
        try {
            return Base64.getDecoder().decode(base64).length;
        } catch (IllegalArgumentException e) {
            return 0;
        }
    }

    static SettingType jdbcUrl() {
        return optional(of("jdbc:h2:… or jdbc:postgresql:…", text -> {
            if (CREDENTIALS_IN_URL.matcher(text).find()) {
                throw new IllegalArgumentException("a URL without a password; put it into db.password");
            }
            if (!text.startsWith("jdbc:h2:") && !text.startsWith("jdbc:postgresql:")) {
                throw new IllegalArgumentException("jdbc:h2:… or jdbc:postgresql:…");
            }
        }));
    }

    static SettingType httpUrl() {
        String accepts = "an http:// or https:// URL without user or password in it";
        return optional(of(accepts, text -> {
            try {
                URI uri = new URI(text);
                boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
                if (!http || uri.getHost() == null || uri.getUserInfo() != null) {
                    throw new IllegalArgumentException(accepts);
                }
            } catch (URISyntaxException e) {
                throw new IllegalArgumentException(accepts, e);
            }
        }));
    }

    private static SettingType matching(String accepts, Pattern form) {
        return of(accepts, text -> {
            if (!form.matcher(text).matches()) {
                throw new IllegalArgumentException(accepts);
            }
        });
    }

    /** The elements of a list's text; empty for nothing and for the word that stands for it. */
    static List<String> elements(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(element -> !element.isEmpty())
                .collect(Collectors.toUnmodifiableList());
    }
}
