package dev.fairlead.gateway.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** {@code curl}, as whatever account: a client in a process of its own. */
public final class Curl {
    private Curl() {}

    /**
     * What came back.
     *
     * @param status 0 where nothing did
     */
    public record Reply(int status, String body) {}

    /** Asks as the tests' own account. */
    public static Reply get(String url, String... options) {
        return run(List.of(), url, options);
    }

    /** Asks as another account. */
    public static Reply as(Account account, String url, String... options) {
        return run(account.prefix(), url, options);
    }

    private static Reply run(List<String> prefix, String url, String... options) {
        List<String> command = new ArrayList<>(prefix);
        command.add(Tools.require("curl", "apt-get install curl").toString());
        command.addAll(List.of("-s", "--max-time", "30", "-w", "\\n%{http_code}"));
        command.addAll(List.of(options));
        command.add(url);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int end = said.lastIndexOf('\n');
            return new Reply(Integer.parseInt(said.substring(end + 1)), said.substring(0, Math.max(0, end)));
        } catch (IOException e) {
            throw new AssertionError("curl did not run", e);
        }
    }
}
