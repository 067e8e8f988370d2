package dev.fairlead.gateway.cli;

import dev.fairlead.gateway.settings.DurationText;
import dev.fairlead.gateway.time.TimeSource;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A moment as people give one to a tool that shows logs: so long ago ({@code 15m}), a time of day, a date, both, where
 * the user is, or in ISO-8601 with an offset; seconds since 1970 ({@code @1767225600}).
 */
record Moment(Instant at) {
    static final String ACCEPTS =
            "15m (ago), 10:30, 2026-02-20, '2026-02-20 10:30:00', 2026-02-20T10:30:00Z or @1771583400";

    /** Reads one; what is relative is so to now. */
    static final class Converter implements ITypeConverter<Moment> {
        @Override
        public Moment convert(String text) {
            return parse(text, TimeSource.system().instant(), ZoneId.systemDefault())
                    .orElseThrow(() -> new TypeConversionException("'" + text + "' is no moment: give " + ACCEPTS));
        }
    }

    /** Reads a moment where that time is now and here; empty where it is none. */
    static Optional<Moment> parse(String text, Instant now, ZoneId here) {
        List<Function<String, Instant>> forms = List.of(
                given -> OffsetDateTime.parse(given).toInstant(),
                given -> LocalDateTime.parse(given.replace(' ', 'T'))
                        .atZone(here)
                        .toInstant(),
                given -> LocalDate.parse(given).atStartOfDay(here).toInstant(),
                given -> LocalTime.parse(given)
                        .atDate(LocalDate.ofInstant(now, here))
                        .atZone(here)
                        .toInstant(),
                given -> now.minus(DurationText.parse(given)),
                given -> Instant.ofEpochSecond(
                        Long.parseLong(given.substring(given.startsWith("@") ? 1 : given.length()))));
        return forms.stream()
                .flatMap(form -> attempt(form, text).stream())
                .findFirst()
                .map(Moment::new);
    }

    private static Optional<Instant> attempt(Function<String, Instant> form, String text) {
        try {
            return Optional.of(form.apply(text));
        } catch (DateTimeException | IllegalArgumentException e) {
            return Optional.empty(); // another form may fit
        }
    }
}
