package dev.fairlead.gateway.testing;

/** How much of what a promise names is tried: enough to see that it is broken, or all of it with {@code -Plong}. */
public final class Rounds {
    private Rounds() {}

    /** Whether all of it is to be tried. */
    public static boolean all() {
        return Boolean.getBoolean("test.long");
    }

    /** That many rounds of all that are promised. */
    public static int of(int few, int promised) {
        return all() ? promised : few;
    }
}
