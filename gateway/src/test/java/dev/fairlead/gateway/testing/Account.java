package dev.fairlead.gateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Another account of this machine. Only root may act as one. */
public record Account(String name) {
    /** One that no gateway of the tests runs as. */
    public static final Account STRANGER = new Account("games");

    /** An account for a gateway: none of root's. */
    public static final Account GATEWAY = new Account("daemon");

    /** One that instances run as: with a home of its own. */
    public static final Account GUEST = new Account("fairlead-guest");

    /** Makes sure that tests can act as this account, and that it is there. */
    public Account required() {
        prefix();
        try (var lines = Files.lines(Path.of("/etc/passwd"))) {
            if (lines.noneMatch(line -> line.startsWith(name + ":"))) {
                Tools.missing("This test needs the account '" + name + "'; make it with: useradd --system --create-home"
                        + " --home-dir /var/lib/" + name + " " + name);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** What a command begins with to run as this account. */
    public List<String> prefix() {
        Path setpriv = Tools.require("setpriv", "apt-get install util-linux");
        if (!Files.isWritable(Path.of("/etc/passwd"))) {
            Tools.missing("This test acts as the account '" + name + "' and so has to run as root");
        }
        return List.of(setpriv.toString(), "--reuid=" + name, "--regid=" + name, "--clear-groups");
    }

    /** As {@link #prefix}, for a program that reads what the tests' own account built. */
    public List<String> prefixThatReadsAll() {
        List<String> all = new java.util.ArrayList<>(prefix());
        all.add("--inh-caps=+dac_read_search");
        all.add("--ambient-caps=+dac_read_search");
        return all;
    }
}
