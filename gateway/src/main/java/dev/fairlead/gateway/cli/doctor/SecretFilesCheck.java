package dev.fairlead.gateway.cli.doctor;

import dev.fairlead.gateway.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether the files that settings name can be read, and the secret ones by us alone. */
final class SecretFilesCheck {

    private static final Set<PosixFilePermission> FOR_OTHERS = PosixFilePermissions.fromString("---rwxrwx");

    private SecretFilesCheck() {}

    static List<Finding> run(Settings settings) {
        Map<String, Optional<Path>> named = new LinkedHashMap<>();
        named.put("auth.admin_password_file", settings.auth().adminPasswordFile());
        named.put("auth.signing_key_file", settings.auth().signingKeyFile());
        named.put("http.tls_key", settings.http().tlsKey());
        named.put("http.tls_cert", settings.http().tlsCert());
        return named.entrySet().stream()
                .flatMap(entry -> entry.getValue().map(file -> examine(entry.getKey(), file)).stream())
                .toList();
    }

    private static Finding examine(String setting, Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            return Finding.fault(
                    "files",
                    setting + " names " + file + ", which cannot be read",
                    "make it readable for the user who runs the gateway, or mend " + setting);
        }
        // A certificate is for everybody.
        boolean secret = !setting.equals("http.tls_cert");
        if (secret && openToOthers(file)) {
            return Finding.warning("files", file + " can be read or written by others", "chmod 600 " + file);
        }
        return Finding.good("files", setting + " is readable");
    }

    private static boolean openToOthers(Path file) {
        try {
            return Files.getPosixFilePermissions(file).stream().anyMatch(FOR_OTHERS::contains);
        } catch (IOException e) {
            return false;
        }
    }
}
