package dev.fairlead.gateway.logins;

import java.time.Instant;

/**
 * What is kept of a session.
 *
 * @param handleSha256 of the cookie's half, hexadecimal
 * @param keySha256 of the page's half, hexadecimal
 * @param address where it was last used from
 * @param client what the browser calls itself
 * @param used whether it ever was
 */
record Login(
        String id,
        String handleSha256,
        String keySha256,
        String address,
        String client,
        Instant createdAt,
        Instant lastUsedAt,
        boolean used,
        Instant expiresAt) {
    boolean isOver(Instant now) {
        return !now.isBefore(expiresAt) || (!used && !now.isBefore(createdAt.plus(Logins.UNUSED_LIFE)));
    }

    Login used(String from, Instant at) {
        return new Login(id, handleSha256, keySha256, from, client, createdAt, at, true, expiresAt);
    }

    @Override
    public String toString() {
        return "Login[" + id + "]";
    }
}
