package dev.fairlead.gateway.cli;

import dev.fairlead.gateway.settings.SettingKey;
import dev.fairlead.gateway.settings.SettingKeys;
import dev.fairlead.gateway.upstream.UpstreamCredentials;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/**
 * Takes secrets out of what the system shows of this process: {@code /proc/<pid>/environ}, which every process of the
 * same account can read, instances too, and {@code /proc/<pid>/cmdline}, which everybody can. They must have been read
 * before. Where there is no such view of a process, it does nothing.
 */
final class ProcessSecrets {
    private static final Path STAT = Path.of("/proc/self/stat");
    private static final Path MEMORY = Path.of("/proc/self/mem");

    /** Places of fields in {@code /proc/self/stat}, counted behind the name in parentheses. */
    private static final int ARGUMENTS_START = 45;

    private static final int ARGUMENTS_END = 46;
    private static final int ENVIRONMENT_START = 47;
    private static final int ENVIRONMENT_END = 48;

    /** More than the kernel lets a process start with. */
    private static final int MOST_BYTES = 16 << 20;

    private static final byte MASK = '*';
    private static final String PASSWORD = "FAIRLEAD_ADMIN_PASSWORD";
    private static final String TOKEN = "FAIRLEAD_TOKEN";

    private ProcessSecrets() {}

    /**
     * Overwrites the values of the variables and settings that are secret.
     *
     * @throws IOException where the system does not let a process write its own memory
     */
    static void hide() throws IOException {
        if (!Files.exists(MEMORY)) {
            return;
        }
        String stat = Files.readString(STAT, StandardCharsets.ISO_8859_1);
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        try (RandomAccessFile memory = new RandomAccessFile(MEMORY.toFile(), "rw")) {
            hide(memory, fields[ENVIRONMENT_START], fields[ENVIRONMENT_END], variables());
            hide(memory, fields[ARGUMENTS_START], fields[ARGUMENTS_END], settings());
        }
    }

    private static void hide(RandomAccessFile memory, String start, String end, Set<String> names) throws IOException {
        long from = Long.parseLong(start);
        long length = Long.parseLong(end) - from;
        if (from <= 0 || length <= 0 || length > MOST_BYTES) {
            return;
        }
        byte[] block = new byte[(int) length];
        memory.seek(from);
        memory.readFully(block);
        int entry = 0;
        for (int at = 0; at <= block.length; at++) {
            if (at == block.length || block[at] == 0) {
                int value = valueOf(block, entry, at, names);
                if (value < at) {
                    byte[] mask = new byte[at - value];
                    Arrays.fill(mask, MASK);
                    memory.seek(from + value);
                    memory.write(mask);
                }
                entry = at + 1;
            }
        }
    }

    /** Where the value of a secret begins in {@code NAME=value}; the end for any other entry. */
    private static int valueOf(byte[] block, int entry, int end, Set<String> names) {
        String text = new String(block, entry, end - entry, StandardCharsets.ISO_8859_1);
        return names.stream()
                .filter(text::startsWith)
                .map(name -> entry + name.length())
                .findFirst()
                .orElse(end);
    }

    private static Set<String> variables() {
        Set<String> names = new TreeSet<>(Set.of(PASSWORD + "=", TOKEN + "="));
        UpstreamCredentials.SECRET_VARIABLES.forEach(name -> names.add(name + "="));
        SettingKeys.all().stream().filter(SettingKey::secret).forEach(key -> names.add(key.environmentName() + "="));
        return names;
    }

    /** As they stand behind {@code --set}. */
    private static Set<String> settings() {
        Set<String> names = new TreeSet<>();
        SettingKeys.all().stream().filter(SettingKey::secret).forEach(key -> {
            names.add(key.name() + "=");
            names.add("--set=" + key.name() + "=");
        });
        return names;
    }
}
