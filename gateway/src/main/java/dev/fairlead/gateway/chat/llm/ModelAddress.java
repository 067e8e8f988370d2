package dev.fairlead.gateway.chat.llm;

import java.net.URI;

/** Where an OpenAI-compatible endpoint has what. */
public final class ModelAddress {
    private static final String COMPLETIONS = "/chat/completions";
    private static final String MODELS = "/models";

    private ModelAddress() {}

    /** Where the models it has are listed. */
    public static URI models(URI baseUrl) {
        return URI.create(completions(baseUrl).toString().replace(COMPLETIONS, MODELS));
    }

    /**
     * Where completions are asked for, for a base URL as people write it: a host alone means {@code /v1}, a path is
     * taken as it stands, and one that is whole already stays so. A query, as Azure's {@code api-version}, is kept.
     */
    static URI completions(URI baseUrl) {
        String path = baseUrl.getRawPath() == null ? "" : baseUrl.getRawPath().replaceAll("/+$", "");
        String whole = path.endsWith(COMPLETIONS) ? path : (path.isEmpty() ? "/v1" : path) + COMPLETIONS;
        String query = baseUrl.getRawQuery() == null ? "" : "?" + baseUrl.getRawQuery();
        return URI.create(baseUrl.getScheme() + "://" + baseUrl.getRawAuthority() + whole + query);
    }
}
