package dev.fairlead.gateway;

import dev.fairlead.gateway.auth.GatewayIdentity;
import dev.fairlead.gateway.auth.RandomBytes;
import dev.fairlead.gateway.auth.SigningKey;
import dev.fairlead.gateway.settings.Exposure;
import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.DataFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What a node must keep to itself, from the settings or made at the first start and kept in the data folder. Reads
 * files: not for an event loop.
 *
 * @param adminPassword the operator's password
 * @param passwordFile where it was made and kept; empty where the settings give it
 * @param passwordIsNew whether this start made it
 * @param node the node's name, the same over restarts
 * @param identity by which it proves itself to who can read the data folder
 */
record NodeSecrets(
        SigningKey signingKey,
        String adminPassword,
        Optional<Path> passwordFile,
        boolean passwordIsNew,
        String node,
        GatewayIdentity identity) {
    private static final String KEY_FILE = "signing-key";
    private static final String PASSWORD_FILE = "admin-password";
    private static final String NODE_FILE = "node-id";
    private static final int PASSWORD_BYTES = 18;

    @Override
    public String toString() {
        return "NodeSecrets[" + node + "]";
    }

    /** The same, with the key that all nodes of a fleet have. */
    NodeSecrets with(SigningKey fleets) {
        return new NodeSecrets(fleets, adminPassword, passwordFile, passwordIsNew, node, identity);
    }

    static NodeSecrets load(Settings settings, DataFolder folder) throws IOException {
        Settings.Auth auth = settings.auth();
        Optional<String> key = given(auth.signingKey(), auth.signingKeyFile());
        Optional<String> password = given(auth.adminPassword(), auth.adminPasswordFile());
        Optional<String> weakness = password.flatMap(one -> Exposure.weakness(settings.http(), one));
        if (weakness.isPresent()) {
            throw new IOException(weakness.get());
        }
        boolean kept = folder.readSecret(PASSWORD_FILE).isPresent();
        try {
            return new NodeSecrets(
                    SigningKey.parse(key.orElseGet(
                            () -> kept(folder, KEY_FILE, SigningKey.generate().reveal()))),
                    password.orElseGet(() -> kept(folder, PASSWORD_FILE, newPassword())),
                    password.isPresent() ? Optional.empty() : Optional.of(folder.file(PASSWORD_FILE)),
                    password.isEmpty() && !kept,
                    kept(folder, NODE_FILE, newNode()),
                    identity(folder));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static GatewayIdentity identity(DataFolder folder) throws IOException {
        try {
            return GatewayIdentity.parse(kept(folder, GatewayIdentity.FILE, GatewayIdentity.newKey()));
        } catch (IllegalArgumentException e) { // its message may quote a part of the key
            throw damaged(folder, GatewayIdentity.FILE, "holds no key");
        }
    }

    private static IOException damaged(DataFolder folder, String name, String how) {
        return new IOException("The file " + folder.file(name) + " " + how + ". Bring it back from a backup ('fairlead"
                + " restore FILE --data-dir " + folder.root() + "'), or delete it: the next start makes another");
    }

    private static Optional<String> given(Optional<Secret> value, Optional<Path> file) throws IOException {
        if (value.isPresent()) {
            return value.map(Secret::reveal);
        }
        if (file.isEmpty()) {
            return Optional.empty();
        }
        String text = Files.readString(file.get()).strip();
        if (text.isEmpty()) {
            throw new IOException("The file " + file.get() + " is empty; write the secret into it, on one line");
        }
        return Optional.of(text);
    }

    private static String kept(DataFolder folder, String name, String fresh) {
        try {
            Optional<byte[]> before = folder.readSecret(name);
            if (before.isPresent()) {
                String text = new String(before.get(), StandardCharsets.UTF_8).strip();
                if (text.isEmpty()) {
                    throw damaged(folder, name, "is empty");
                }
                return text;
            }
            folder.writeSecret(name, (fresh + "\n").getBytes(StandardCharsets.UTF_8));
            return fresh;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String newPassword() {
        return RandomBytes.text(PASSWORD_BYTES);
    }

    private static String newNode() {
        return "node-" + HexFormat.of().formatHex(RandomBytes.of(4));
    }
}
