package dev.fairlead.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script beside the jar, and the archive it makes. */
@Tag("slow")
class LauncherIT {
    private static final Path BUILD = Path.of("target");

    @TempDir
    Path folder;

    @BeforeEach
    void install() throws IOException {
        Files.copy(BUILD.resolve("fairlead.jar"), folder.resolve("fairlead.jar"));
        Files.copy(BUILD.resolve("fairlead"), folder.resolve("fairlead"));
        assertThat(folder.resolve("fairlead").toFile().setExecutable(true)).isTrue();
    }

    @Test
    void the_first_serve_makes_an_archive_that_this_java_takes_and_leaves_nothing_else() throws Exception {
        run(folder.resolve("fairlead").toString(), "serve", "--print-config");
        Path archive = only(".jsa");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files)
                    .containsExactlyInAnyOrder(archive, folder.resolve("fairlead"), folder.resolve("fairlead.jar"));
        }
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        // Where the archive does not fit, -Xshare:on refuses to run.
        run(java, "-Xshare:on", "-XX:SharedArchiveFile=" + archive, "-jar", "fairlead.jar", "--version");
    }

    @Test
    void another_command_makes_none() throws Exception {
        run(folder.resolve("fairlead").toString(), "--version");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void the_jar_has_what_commands_tell_of_themselves() throws Exception {
        try (ZipFile jar = new ZipFile(folder.resolve("fairlead.jar").toFile())) {
            assertThat(jar.stream().map(ZipEntry::getName))
                    .contains(
                            "texts/help/text",
                            "texts/help/agents/ls/text",
                            "texts/output/man/text",
                            "texts/output/completion/bash/text",
                            "texts/output/completion/zsh/text");
        }
    }

    @Test
    void a_link_on_the_path_finds_the_jar() throws Exception {
        Path link = Files.createSymbolicLink(
                Files.createDirectory(folder.resolve("bin")).resolve("fairlead"), folder.resolve("fairlead"));
        run(link.toString(), "--version");
    }

    private Path only(String ending) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found =
                    files.filter(file -> file.toString().endsWith(ending)).toList();
            assertThat(found).hasSize(1);
            return found.get(0);
        }
    }

    private void run(String... command) throws Exception {
        Path output = Files.createTempFile("launcher", ".out");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().keySet().removeIf(name -> name.startsWith("FAIRLEAD_"));
        Process process = builder.start();
        try {
            assertThat(process.waitFor(4, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(output)).isZero();
        } finally {
            process.destroyForcibly();
            Files.delete(output);
        }
    }
}
