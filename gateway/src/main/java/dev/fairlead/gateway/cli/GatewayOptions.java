package dev.fairlead.gateway.cli;

import dev.fairlead.gateway.settings.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/**
 * Where the gateway is and who asks. Tokens and passwords come by file, stdin or environment, never as an argument that
 * every user of the machine can read.
 */
final class GatewayOptions {

    private static final String DEFAULT_URL = "http://127.0.0.1:18800";
    /** More than any token or password needs. */
    private static final int MOST_SECRET_BYTES = 16 * 1024;
    /** How the gateway's refusals name what they are about. */
    private static final Pattern FIELD = Pattern.compile("\\b(?:[Ff]ield|[Pp]arameter) '([a-z_]+)'");

    private final Console console;
    private Optional<Optional<Secret>> given = Optional.empty(); // stdin can be read once
    private String source = "";

    @Spec(Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--gateway-url",
            paramLabel = "URL",
            description = "The gateway (default: FAIRLEAD_URL, else " + DEFAULT_URL + ").")
    private Optional<String> url = Optional.empty();

    @Option(
            names = "--data-dir",
            paramLabel = "FOLDER",
            description = "The data folder of a gateway on this machine, which proves who listens and keeps the"
                    + " password (default: FAIRLEAD_DATA_DIR, else ~/.fairlead).")
    private Optional<Path> dataDir = Optional.empty();

    @ArgGroup
    private Credential credential = new Credential();

    /** One way to say who asks; without any of them FAIRLEAD_TOKEN and FAIRLEAD_ADMIN_PASSWORD are looked at. */
    static final class Credential {
        @Option(names = "--token-file", paramLabel = "FILE", description = "A file with an operator token.")
        private Optional<Path> tokenFile = Optional.empty();

        @Option(names = "--password-file", paramLabel = "FILE", description = "A file with the admin password.")
        private Optional<Path> passwordFile = Optional.empty();

        @Option(names = "--password-stdin", description = "Read the admin password from stdin.")
        private boolean passwordStdin;
    }

    GatewayOptions(Console console) {
        this.console = console;
    }

    /** The gateway's address, without a trailing slash. */
    URI url() {
        String text = url.or(() -> console.variable("FAIRLEAD_URL")).orElse(DEFAULT_URL);
        try {
            URI uri = new URI(text.replaceFirst("/+$", ""));
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (http && uri.getHost() != null && uri.getUserInfo() == null) {
                // One address and not whichever the name stands for: what proved itself is what is spoken to.
                return uri.getScheme().equals("http") && uri.getHost().equalsIgnoreCase("localhost")
                        ? new URI("http", null, "127.0.0.1", uri.getPort(), uri.getPath(), null, null)
                        : uri;
            }
        } catch (URISyntaxException e) {
            // Told below, as any other address that is none.
        }
        throw new ParameterException(
                command.commandLine(),
                "The gateway's URL (--gateway-url, FAIRLEAD_URL) is http://host:port or https://host:port");
    }

    /** What the user gave to prove who asks; empty where nothing was given. */
    synchronized Optional<Secret> given() {
        if (given.isEmpty()) {
            given = Optional.of(lookUp());
        }
        return given.get();
    }

    private Optional<Secret> lookUp() {
        Optional<Secret> found = credential
                .tokenFile
                .or(() -> credential.passwordFile)
                .map(this::readGiven)
                .or(this::readStdin)
                .or(() -> variable("FAIRLEAD_TOKEN"))
                .or(() -> variable("FAIRLEAD_ADMIN_PASSWORD"));
        if (found.isPresent() && url().getScheme().equals("http") && !local()) {
            console.err().println("fairlead: warning: the token or password goes to " + url() + " unencrypted");
        }
        return found;
    }

    private Secret readGiven(Path file) {
        source = file.toString();
        return read(file);
    }

    private Optional<Secret> variable(String name) {
        Optional<Secret> found = console.variable(name).map(Secret::of);
        found.ifPresent(secret -> source = name + "; unset it to go on without");
        return found;
    }

    /** Where what was sent to prove who asks was found, for who is told that it was refused. */
    synchronized String source() {
        return source;
    }

    /**
     * A refusal of the gateway's that names a field or parameter of a request, in the words of the option it came from,
     * where this command has one.
     */
    String inWordsOfOptions(String message) {
        Matcher field = FIELD.matcher(message);
        if (!field.find()) {
            return message;
        }
        String option = "--" + field.group(1).replace('_', '-');
        return command.findOption(option) == null ? message : field.replaceFirst("Option '" + option + "'");
    }

    /**
     * The password that the gateway made for itself: for the user who runs it, on the same machine, there is no need to
     * copy it. Empty where there is none, where it is not readable or the gateway is elsewhere.
     */
    Optional<Secret> keptPassword() {
        return local() ? kept("admin-password").map(this::readGiven) : Optional.empty();
    }

    /** With which whoever listens there shows that it is the gateway of the data folder. */
    GatewayProof proof() {
        return new GatewayProof(url(), hasDataFolder() ? Optional.of(dataFolder()) : Optional.empty());
    }

    /** The data folder of a gateway on this machine; it need not be there. */
    Path dataFolder() {
        return dataFolder(console, dataDir);
    }

    /** The one that is named, or else the one where a gateway has it that was told nothing. */
    static Path dataFolder(Console console, Optional<Path> named) {
        return named.or(() -> console.variable("FAIRLEAD_DATA_DIR").map(Path::of))
                .orElseGet(() -> console.home().resolve(".fairlead"));
    }

    /** A user without a home folder may name none. */
    private boolean hasDataFolder() {
        return dataDir.isPresent() || console.variable("FAIRLEAD_DATA_DIR").isPresent() || console.hasHome();
    }

    private Optional<Path> kept(String name) {
        if (!hasDataFolder()) {
            return Optional.empty();
        }
        return Optional.of(dataFolder().resolve(name))
                .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.isReadable(file));
    }

    /** What makes this command line known to the gateway again; see {@link #keepDevice}. */
    Optional<String> device() {
        try {
            return Optional.of(deviceFile())
                    .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.isReadable(file))
                    .map(file -> read(file).reveal());
        } catch (CommandFailure unreadable) {
            return Optional.empty();
        }
    }

    /**
     * Keeps what others' wrong passwords do not lock out. It opens nothing: where it cannot be kept, little is lost.
     */
    void keepDevice(String cookie) {
        if (!console.hasHome()) {
            return;
        }
        Path file = deviceFile();
        try {
            Files.createDirectories(
                    file.getParent(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, cookie + "\n");
        } catch (IOException e) {
            console.err()
                    .println("fairlead: " + file + " cannot be kept ("
                            + e.getClass().getSimpleName() + ")");
        }
    }

    private Path deviceFile() {
        String gateway = (url().getHost() + "_" + url().getPort()).replaceAll("[^A-Za-z0-9._-]", "_");
        return console.home().resolve(".fairlead").resolve("devices").resolve(gateway);
    }

    Path home() {
        return console.home();
    }

    /** Whether the gateway is named by an address of this machine alone. */
    boolean local() {
        return GatewayProof.isLocal(url());
    }

    private Optional<Secret> readStdin() {
        if (!credential.passwordStdin) {
            return Optional.empty();
        }
        try {
            source = "stdin";
            return Optional.of(secret(console.in().readNBytes(MOST_SECRET_BYTES), "stdin"));
        } catch (IOException e) {
            throw new CommandFailure(ExitStatus.USAGE, "The password cannot be read from stdin");
        }
    }

    /** The one line of a file that holds a secret. */
    static Secret read(Path file) {
        try (var in = Files.newInputStream(file)) {
            return secret(in.readNBytes(MOST_SECRET_BYTES), file.toString());
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitStatus.USAGE,
                    "Cannot read " + file + " (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static Secret secret(byte[] bytes, String source) {
        String text = new String(bytes, StandardCharsets.UTF_8).strip();
        if (text.isEmpty() || text.chars().anyMatch(Character::isISOControl)) {
            throw new CommandFailure(ExitStatus.USAGE, "There is no single line with a token or password in " + source);
        }
        return Secret.of(text);
    }
}
