package dev.fairlead.gateway.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.chat.llm.ModelAddress;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Whether the chat's language model can be asked, where one is set. The gateway starts without it. */
final class ModelCheck {
    private static final String SUBJECT = "model";
    private static final int TIMEOUT_MS = 5_000;
    private static final int LONGEST_ANSWER = 1 << 20;
    private static final int MOST_SHOWN = 8;

    private ModelCheck() {}

    static List<Finding> run(Settings.Llm llm) {
        List<Finding> findings = new ArrayList<>();
        if (llm.baseUrl().isPresent() && llm.model().isPresent()) {
            if (llm.keyUnencrypted()) {
                findings.add(Finding.warning(
                        SUBJECT, "llm.api_key would go over the network unencrypted", "set llm.base_url to https://"));
            }
            findings.add(ask(llm, llm.baseUrl().get(), llm.model().get()));
            if (!llm.budget().session().isSet()
                    && !llm.budget().agent().isSet()
                    && !llm.budget().gateway().isSet()
                    && !llm.budget().prices().isEmpty()) {
                findings.add(Finding.warning(
                        SUBJECT,
                        "llm.prices is set, and nothing bounds what the chats cost",
                        "set llm.budget.gateway_usd, or _tokens"));
            }
        }
        return findings;
    }

    private static Finding ask(Settings.Llm llm, URI baseUrl, String model) {
        String place = baseUrl.getRawAuthority();
        try {
            HttpURLConnection call =
                    (HttpURLConnection) ModelAddress.models(baseUrl).toURL().openConnection();
            call.setInstanceFollowRedirects(false); // the key is for this endpoint alone
            call.setConnectTimeout(TIMEOUT_MS);
            call.setReadTimeout(TIMEOUT_MS);
            llm.apiKey().ifPresent(key -> call.setRequestProperty("Authorization", "Bearer " + key.reveal()));
            int status = call.getResponseCode();
            if (status == 401 || status == 403) {
                return Finding.warning(SUBJECT, place + " refuses us (" + status + ")", "check llm.api_key");
            }
            if (status >= 300 && status < 400) {
                return Finding.warning(
                        SUBJECT,
                        place + " answers with a redirection (" + status + ")",
                        "set llm.base_url to the address it leads to");
            }
            if (status >= 500) {
                return Finding.warning(
                        SUBJECT,
                        place + " is in trouble (" + status + ")",
                        "look at that server's log, or its provider's status page; a chat tries again three times");
            }
            if (status != 200) {
                return Finding.good(SUBJECT, place + " answers; it does not tell which models it has");
            }
            try (InputStream in = call.getInputStream()) {
                return listed(place, model, FrameCodec.tree(in.readNBytes(LONGEST_ANSWER)));
            }
        } catch (IOException e) {
            return Finding.warning(
                    SUBJECT,
                    place + " does not answer",
                    "start it, or check llm.base_url; until then a chat with llm gets an error");
        } catch (FairleadException e) {
            return Finding.warning(
                    SUBJECT, place + " answers with something that is no JSON", "check llm.base_url: most end in /v1");
        }
    }

    private static Finding listed(String place, String model, JsonNode answer) {
        List<String> ids = new ArrayList<>();
        answer.path("data").forEach(one -> ids.add(one.path("id").asText()));
        if (ids.isEmpty() || ids.contains(model) || ids.contains(model + ":latest")) {
            return Finding.good(SUBJECT, place + " answers, for " + model);
        }
        return Finding.warning(
                SUBJECT,
                place + " has no model " + model,
                "set llm.model to one it has: "
                        + String.join(", ", ids.subList(0, Math.min(MOST_SHOWN, ids.size())))
                        + (ids.size() > MOST_SHOWN ? ", …" : ""));
    }
}
