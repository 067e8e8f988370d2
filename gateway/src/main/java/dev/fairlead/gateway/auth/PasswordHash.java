package dev.fairlead.gateway.auth;

/** An Argon2id hash with its salt, both in hexadecimal; it shows neither. */
public record PasswordHash(String salt, String argon2id) {
    @Override
    public String toString() {
        return "PasswordHash[********]";
    }
}
