package dev.fairlead.gateway.settings;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A value that must not show: its {@link #toString} is a mask, so that no log line, error or record can spill it. */
public final class Secret {

    /** What stands in a secret's place wherever settings are shown. */
    public static final String MASK = "********";

    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    public static Secret of(String value) {
        return new Secret(value);
    }

    /** The value itself; the name of the method makes each use easy to find. */
    public String reveal() {
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that && MessageDigest.isEqual(bytes(), that.bytes());
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return MASK;
    }

    private byte[] bytes() {
        return value.getBytes(StandardCharsets.UTF_8);
    }
}
