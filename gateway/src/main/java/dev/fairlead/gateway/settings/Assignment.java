package dev.fairlead.gateway.settings;

/**
 * One key set by one source, not checked yet.
 *
 * @param key as it was written
 * @param text the value as it was written
 * @param origin where, as an operator would name the place: {@code line 3 of gateway.yaml}
 */
record Assignment(String key, String text, String origin) {

    /** Without the text, which may be a secret. */
    @Override
    public String toString() {
        return key + " from " + origin;
    }
}
