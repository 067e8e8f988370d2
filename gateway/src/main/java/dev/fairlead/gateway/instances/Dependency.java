package dev.fairlead.gateway.instances;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;

/**
 * An instance that has to be so far before another one is started.
 *
 * @param name of an instance on the same node
 * @param condition what it has to be
 */
public record Dependency(String name, Condition condition) {
    /** As it stands in JSON; {@code started} where no condition is told. */
    @JsonCreator
    static Dependency of(
            @JsonProperty(value = "name", required = true) String name,
            @JsonProperty("condition") Optional<Condition> condition) {
        return new Dependency(name, condition.orElse(Condition.STARTED));
    }
}
