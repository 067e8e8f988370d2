package dev.fairlead.gateway.chat.llm;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.chat.llm.ModelFailure.Kind;
import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Tells one error of a provider from another, and words each so that it can be shown. */
final class ProviderErrors {
    private static final Pattern CONTEXT_LENGTH = Pattern.compile(
            "context[_ -]?length|context[_ -]?window|context[_ -]?size|maximum context|prompt is too long"
                    + "|too many tokens|exceeds? the (?:available )?context");
    private static final Pattern NO_TOOLS = Pattern.compile(
            "does ?n[o']t support (?:tool|function)|tools? (?:is|are) not supported|tool use is not supported"
                    + "|requires? --enable-auto-tool-choice|requires? --jinja|tools param requires");
    private static final Pattern QUOTA =
            Pattern.compile("insufficient_quota|insufficient (?:funds|balance|credits?)|credit balance|billing");

    private static final Pattern STREAM_OPTIONS = Pattern.compile("stream_options|include_usage");

    /** Characters of what came instead of an answer that are shown. */
    private static final int MOST_QUOTED = 120;

    private final ProviderText text;

    ProviderErrors(Optional<Secret> key) {
        this.text = new ProviderText(key);
    }

    /** Whether what came instead of a chunk tells an error: there are as many shapes of it as servers. */
    static boolean isError(JsonNode chunk) {
        boolean says = chunk.path("message").isTextual()
                || chunk.path("detail").isTextual()
                || chunk.path("msg").isTextual();
        return chunk.hasNonNull("error")
                || chunk.path("object").asText("").equals("error")
                || chunk.path("type").asText("").equals("error")
                || (says && !chunk.has("choices") && !chunk.has("usage"));
    }

    /** An answer that is not 200, by its body, which may be anything. */
    ModelFailure of(int status, Optional<Duration> retryAfter, String body) {
        return of(errorOf(body), status, body).retryAfter(retryAfter);
    }

    /** An error that came as an event in a stream whose status was 200. */
    ModelFailure within(JsonNode chunk) {
        JsonNode error = chunk.hasNonNull("error") ? chunk.get("error") : chunk;
        String code = error.path("code").asText(chunk.path("code").asText(""));
        int status = code.matches("[45]\\d\\d") ? Integer.parseInt(code) : 0;
        String type = error.path("type").asText("").toLowerCase(Locale.ROOT);
        if (status == 0 && (type + code).matches(".*(overloaded|server_error|internal_error).*")) {
            status = 500;
        }
        return of(error, status, "");
    }

    /** What came, where it is not what should: behind a colon and in quotes; empty where nothing came. */
    String quoted(String came) {
        String shown = text.clean(came.substring(0, Math.min(came.length(), MOST_QUOTED)));
        return shown.isEmpty() ? "" : ": \"" + shown + "\"";
    }

    private ModelFailure of(JsonNode error, int status, String body) {
        String said = text.clean(ProviderWords.in(error));
        String about = String.join(
                " ", said, error.path("code").asText(""), error.path("type").asText(""));
        boolean ours = status < 500 && STREAM_OPTIONS.matcher(about + body).find();
        return of(ours ? Kind.NO_STREAM_OPTIONS : kind(status, about), status, said);
    }

    private static Kind kind(int status, String about) {
        String low = about.toLowerCase(Locale.ROOT);
        if (status == 401 || status == 403 || low.contains("invalid_api_key")) {
            return Kind.AUTH;
        }
        if (status == 402 || QUOTA.matcher(low).find()) {
            return Kind.QUOTA;
        }
        if (CONTEXT_LENGTH.matcher(low).find()) {
            return Kind.CONTEXT_LENGTH;
        }
        if (NO_TOOLS.matcher(low).find()) {
            return Kind.NO_TOOLS;
        }
        if (status == 429) {
            return Kind.RATE_LIMITED;
        }
        if (status == 404) {
            return Kind.NOT_FOUND;
        }
        return status >= 500 || status == 408 ? Kind.OVERLOADED : Kind.REFUSED;
    }

    private static ModelFailure of(Kind kind, int status, String said) {
        String answered = status == 0 ? "" : " (" + status + ")";
        String words = said.isEmpty() ? "" : ": " + said;
        return ModelFailure.of(
                kind,
                switch (kind) {
                    // What it says of a key may show the key.
                    case AUTH -> "The model's provider refuses us" + answered + ": check llm.api_key";
                    case QUOTA -> "Nothing is left to spend at the model's provider" + answered + words;
                    case RATE_LIMITED ->
                        "The model's provider limits our rate" + answered + "; try again later" + words;
                    case OVERLOADED -> "The model's provider is in trouble" + answered + words;
                    case CONTEXT_LENGTH ->
                        "The conversation is longer than the model takes" + answered
                                + ": start a new session, or set llm.max_history lower" + words;
                    case NO_TOOLS -> "The model calls no functions" + answered + words;
                    case NOT_FOUND ->
                        "The model's provider knows no such model or path" + answered
                                + ": check llm.model and llm.base_url" + words;
                    default ->
                        status >= 300 && status < 400
                                ? "llm.base_url answers with a redirection" + answered + ": set the address it leads to"
                                : (status == 0 && said.isEmpty()
                                                ? "The model's provider ended its answer with an error"
                                                : "The model's provider refuses the request")
                                        + answered
                                        + words;
                });
    }

    private static JsonNode errorOf(String body) {
        try {
            JsonNode tree = FrameCodec.tree(body);
            JsonNode answer = tree.isArray() && tree.size() == 1 ? tree.get(0) : tree; // Google sends a list of one
            return answer.hasNonNull("error") ? answer.get("error") : answer;
        } catch (FairleadException e) {
            // A page of a proxy in front nobody wants to read; words are.
            return body.stripLeading().startsWith("<") ? FrameCodec.object() : FrameCodec.toTree(body);
        }
    }
}
