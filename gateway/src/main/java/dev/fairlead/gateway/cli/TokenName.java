package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fairlead.protocol.Names;
import java.io.IOException;
import java.util.Base64;
import java.util.Optional;

/** Reads for whom a token is; whether it is good, the gateway alone knows. */
final class TokenName {

    private TokenName() {}

    /** The {@code sub} of a JWT, where it is an agent's name. */
    static Optional<String> of(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            byte[] claims = Base64.getUrlDecoder().decode(parts[1]);
            String subject =
                    JsonMapper.builder().build().readTree(claims).path("sub").asText();
            return Optional.of(subject).filter(Names::isValid);
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
