package dev.fairlead.gateway.instances;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Other accounts of this machine, as far as the gateway may run programs as them: through {@code setpriv}, without any
 * of the gateway's capabilities. Whatever is done in an account's folders is done as that account, so that nothing it
 * puts there can lead the gateway astray. Safe for use by several threads; all but {@link #seen} runs other programs
 * and is for workers.
 */
public final class OtherAccounts {
    /** A name that {@code setpriv} takes for a number would be another account than the one that was looked up. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,31}");

    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private static final long PATIENCE_SECONDS = 30;
    /** What is told of a program that failed, at most. */
    private static final int MOST_TOLD = 4_096;
    /** Nothing of the instance's environment reaches what runs before it is the other account. */
    private static final Map<String, String> PLAIN = Map.of("PATH", "/usr/bin:/bin", "LC_ALL", "C");

    /** Places of fields in a line of {@code passwd}. */
    private static final int UID = 2;

    private static final int GID = 3;
    private static final int HOME = 5;
    private static final int SHELL = 6;

    private final Optional<Path> setpriv;
    private final Optional<Path> getent;
    private final Optional<Path> sh;
    private final Map<String, Account> seen = new ConcurrentHashMap<>();

    OtherAccounts(Executables executables) {
        this.setpriv = executables.find("setpriv");
        this.getent = executables.find("getent");
        this.sh = executables.find("sh");
    }

    /**
     * Why programs cannot be run as this account, and what mends it; empty where they can.
     *
     * @param searched folders joined by the system's separator, as in {@code PATH}
     */
    public static Optional<String> obstacle(String name, String searched) {
        try {
            new OtherAccounts(Executables.searching(searched)).require(name);
            return Optional.empty();
        } catch (LaunchFailure failure) {
            return Optional.of(failure.getMessage());
        }
    }

    /** Whether this can be an account's name. */
    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** As this account was when it was last required. */
    Optional<Account> seen(String name) {
        return Optional.ofNullable(seen.get(name));
    }

    /** An account that programs can be run as, which has just been tried. */
    Account require(String name) throws LaunchFailure {
        if (!isName(name)) {
            throw new LaunchFailure("'" + name + "' is no name of an account");
        }
        if (setpriv.isEmpty() || getent.isEmpty() || sh.isEmpty()) {
            throw new LaunchFailure("running as account '" + name + "' needs 'setpriv', 'getent' and 'sh' on the"
                    + " gateway's PATH; install util-linux");
        }
        Account account = lookUp(name);
        Privileges own = Privileges.ofThisProcess();
        if (account.uid() == 0 || account.uid() == own.uid()) {
            throw new LaunchFailure("account '" + name + "' is root, or the one the gateway runs as: nothing would be"
                    + " kept from its programs; name another");
        }
        if (!own.missing().isEmpty()) {
            throw new LaunchFailure("this gateway may not run programs as account '" + name + "': it has no "
                    + String.join(", ", own.missing()) + "; run it as root, or give it these (AmbientCapabilities= in"
                    + " the unit, --cap-add for a container)");
        }
        Optional<String> said = run("true", account, List.of());
        if (said.isPresent()) {
            throw new LaunchFailure("programs cannot be run as account '" + name + "': " + said.get());
        }
        seen.put(name, account);
        return account;
    }

    /**
     * Makes sure that an account can use a folder and run a program.
     *
     * @param own whether the folder is the instance's own, and made where it is missing
     */
    void prepare(Account account, Path folder, boolean own, Path program) throws LaunchFailure {
        String make = own ? "(umask 077; mkdir -p -- \"$1\") && " : "";
        String script = make + "cd -- \"$1\" && { [ -x \"$2\" ] || { echo \"$2 cannot be run\" >&2; exit 1; }; }";
        Optional<String> said = run(script, account, List.of(folder.toString(), program.toString()));
        if (said.isPresent()) {
            throw new LaunchFailure(
                    "account '" + account.name() + "' cannot use its working folder or program: " + said.get());
        }
    }

    /**
     * What a command line begins with to run the rest as an account, in a folder, with these variables.
     *
     * @param late variables, by their names under which they are passed, that are set for the rest alone: a linker or a
     *     shell would heed them while it still runs as the gateway; a name that no shell takes is left out
     */
    List<String> prefix(Account account, Path folder, Map<String, String> late) {
        StringBuilder script = new StringBuilder("cd -- \"$1\" || exit 126; shift");
        late.forEach((passed, name) -> {
            if (VARIABLE.matcher(name).matches()) {
                script.append("; export ")
                        .append(name)
                        .append("=\"$")
                        .append(passed)
                        .append('"');
            }
            script.append("; unset ").append(passed);
        });
        List<String> prefix = asAccount(account, script.append("; exec \"$@\"").toString());
        prefix.add(folder.toString());
        return prefix;
    }

    private List<String> asAccount(Account account, String script) {
        return new ArrayList<>(List.of(
                setpriv.orElseThrow().toString(),
                "--reuid=" + account.uid(),
                "--regid=" + account.gid(),
                "--init-groups",
                // A gateway that is not root keeps its capabilities across a change of account.
                "--inh-caps=-all",
                "--ambient-caps=-all",
                "--",
                sh.orElseThrow().toString(),
                "-c",
                script,
                "sh"));
    }

    private Account lookUp(String name) throws LaunchFailure {
        Output found = output(List.of(getent.orElseThrow().toString(), "passwd", name));
        String[] fields = found.text().strip().split(":", -1);
        if (found.status() != 0 || fields.length <= SHELL || !fields[0].equals(name)) {
            throw new LaunchFailure("there is no account '" + name + "' on this machine; make one: useradd --system"
                    + " --create-home " + name);
        }
        long uid = Long.parseLong(fields[UID]);
        return new Account(name, uid, Long.parseLong(fields[GID]), ownHome(fields[HOME], uid), fields[SHELL]);
    }

    private static Optional<Path> ownHome(String home, long uid) {
        try {
            return home.startsWith("/") && owner(Path.of(home)) == uid ? Optional.of(Path.of(home)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // not there, or out of reach
        }
    }

    private static long owner(Path path) throws IOException {
        return Integer.toUnsignedLong((int) Files.getAttribute(path, "unix:uid"));
    }

    /** Runs a script as an account; answers with what it said where it failed. */
    private Optional<String> run(String script, Account account, List<String> arguments) throws LaunchFailure {
        List<String> command = asAccount(account, script);
        command.addAll(arguments);
        Output output = output(command);
        return output.status() == 0 ? Optional.empty() : Optional.of(told(output));
    }

    private static String told(Output output) {
        String text = output.text().strip().replaceAll("\\p{Cntrl}+", " ");
        return text.isEmpty() ? "status " + output.status() : text;
    }

    private record Output(int status, String text) {}

    private static Output output(List<String> command) throws LaunchFailure {
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(Path.of("/").toFile())
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectErrorStream(true);
            builder.environment().clear();
            builder.environment().putAll(PLAIN);
            Process process = builder.start();
            // What these say fits into the pipe; one that says more hangs on it and is ended like one that waits.
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new LaunchFailure(command.get(0) + " has not ended after " + PATIENCE_SECONDS + " s");
            }
            String text = new String(process.getInputStream().readNBytes(MOST_TOLD), StandardCharsets.UTF_8);
            return new Output(process.exitValue(), text);
        } catch (IOException | OutOfMemoryError e) { // the last: no thread to wait for it
            throw LaunchFailure.refused(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw LaunchFailure.refused(e);
        }
    }
}
