package dev.fairlead.gateway.cli;

import dev.fairlead.gateway.settings.DurationText;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How long a simulated token lives, as {@code --token-life} takes it. */
final class TokenLife implements ITypeConverter<Duration> {

    @Override
    public Duration convert(String text) {
        try {
            Duration life = DurationText.parse(text);
            if (!life.isZero()) {
                return life;
            }
        } catch (IllegalArgumentException e) {
            // refused below, like a life of nothing
        }
        throw new TypeConversionException("--token-life is a duration such as 900s or 15m");
    }
}
