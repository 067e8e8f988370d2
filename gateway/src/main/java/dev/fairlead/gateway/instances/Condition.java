package dev.fairlead.gateway.instances;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.InstanceStatus;
import java.util.Arrays;
import java.util.Locale;

/** What an instance has to be before one that depends on it is started. */
public enum Condition {
    /** It runs, and is ready where it says when it is. */
    STARTED("has started") {
        @Override
        boolean holds(Instance instance) {
            return instance.isUp();
        }
    },
    /** It runs, and its last health check passed where it has one. */
    HEALTHY("is healthy") {
        @Override
        boolean holds(Instance instance) {
            return instance.status() == InstanceStatus.RUNNING
                    && (instance.settings().health().isEmpty()
                            || instance.recent().passed());
        }
    },
    /** Its last run is over, with exit code 0. */
    COMPLETED("has completed") {
        @Override
        boolean holds(Instance instance) {
            return instance.status() == InstanceStatus.STOPPED
                    && instance.exitCode().filter(code -> code == 0).isPresent();
        }
    };

    private final String words;

    Condition(String words) {
        this.words = words;
    }

    abstract boolean holds(Instance instance);

    /** As it stands in a sentence after the instance's name. */
    String words() {
        return words;
    }

    /** As it stands in JSON. */
    @JsonValue
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The condition of that name.
     *
     * @throws FairleadException {@code bad_request}
     */
    @JsonCreator
    public static Condition of(String wire) {
        return Arrays.stream(values())
                .filter(condition -> condition.wire().equals(wire))
                .findFirst()
                .orElseThrow(() -> new FairleadException(
                        ErrorCode.BAD_REQUEST, "Field 'depends_on.condition' is started, healthy or completed"));
    }
}
