package dev.fairlead.gateway.auth;

/**
 * A token just signed. Its text shows in {@link #text} alone, never in {@link #toString}.
 *
 * @param text the token as its bearer presents it
 * @param claims what it says
 */
public record IssuedToken(String text, VerifiedToken claims) {
    @Override
    public String toString() {
        return "IssuedToken[" + claims + "]";
    }
}
