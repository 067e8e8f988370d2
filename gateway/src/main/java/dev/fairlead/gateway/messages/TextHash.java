package dev.fairlead.gateway.messages;

/** 64 bits of a text (FNV-1a); two texts may share them. What is kept of blocks has them: they never change. */
final class TextHash {
    private static final long BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private TextHash() {}

    /** @param kind tells the same text in one role from that in another */
    static long of(char kind, String text) {
        long hash = (BASIS ^ kind) * PRIME;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * PRIME;
        }
        return hash ^ (hash >>> 32);
    }
}
