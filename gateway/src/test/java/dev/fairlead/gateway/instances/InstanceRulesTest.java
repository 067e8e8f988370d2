package dev.fairlead.gateway.instances;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.gateway.instances.InstanceCommands.Wanted;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.gateway.time.ManualTime;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hostile names, variables, commands and folders: none gets through. */
@Tag("attack")
class InstanceRulesTest {
    private final InstanceRules rules = new InstanceRules(Settings.defaults().instances());

    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "../x",
                "/etc",
                "a/b",
                "a\\b",
                "A",
                "Ä",
                "-a",
                "a b",
                "a\tb",
                "a\nb",
                "a\u0000",
                "a.b",
                "a_b",
                "a;b",
                "$(id)",
                "`id`",
                "a|b",
                "a&b",
                "~",
                "%2e%2e",
                "a%00",
                "*",
                "?",
                "a'b",
                "a\"b",
                "{a}",
                "\u202ea",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void a_name_is_lower_case_letters_digits_and_hyphens(String name) {
        refused(() -> rules.create(name, wanted(List.of("true"), Map.of()), 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LD_PRELOAD",
                "LD_LIBRARY_PATH",
                "LD_AUDIT",
                "LD_DEBUG",
                "DYLD_INSERT_LIBRARIES",
                "JAVA_TOOL_OPTIONS",
                "_JAVA_OPTIONS",
                "JDK_JAVA_OPTIONS",
                "NODE_OPTIONS",
                "PYTHONSTARTUP",
                "PYTHONPATH",
                "PERL5OPT",
                "RUBYOPT",
                "BASH_ENV",
                "ENV",
                "GCONV_PATH",
                "GLIBC_TUNABLES",
                "IFS",
                "PS4",
                "FAIRLEAD_TOKEN",
                "FAIRLEAD_SPAWN_ID",
                "PORT",
                "",
                "A=B",
                "1A",
                "A B",
                "A\u0000",
                "BASH_FUNC_x%%"
            })
    void a_variable_that_loads_code_or_is_the_gateways_own_is_refused(String name) {
        refused(() -> rules.create("ok", wanted(List.of("true"), Map.of(name, "x")), 1));
    }

    @Test
    void a_loader_that_is_listed_is_permitted() {
        InstanceRules listed =
                new InstanceRules(Settings.of("instances.env_allow=LD_PRELOAD").instances());
        assertThat(listed.create("ok", wanted(List.of("true"), Map.of("LD_PRELOAD", "/x.so")), 1)
                        .env())
                .containsKey("LD_PRELOAD");
    }

    @Test
    void where_commands_are_restricted_only_listed_variables_are_set() {
        InstanceRules restricted =
                new InstanceRules(Settings.of("instances.allowed_commands=sleep", "instances.env_allow=MODE")
                        .instances());
        for (String name : List.of(
                "PATH",
                "HOME",
                "PYTHONUSERBASE",
                "NPM_CONFIG_NODE_OPTIONS",
                "GIO_EXTRA_MODULES",
                "SOME_RUNTIME_OF_TOMORROW")) {
            refused(() -> restricted.create("ok", wanted(List.of("sleep"), Map.of(name, "x")), 1));
        }
        Map<String, String> fine = Map.of("MODE", "x", "LANG", "C", "LC_ALL", "C", "TZ", "UTC");
        assertThat(restricted.create("ok", wanted(List.of("sleep"), fine), 1).env())
                .isEqualTo(fine);
    }

    @Test
    void a_command_is_bounded_and_has_no_NUL() {
        refused(() -> rules.create("ok", wanted(List.of(), Map.of()), 1));
        refused(() -> rules.create("ok", wanted(List.of(" "), Map.of()), 1));
        refused(() -> rules.create("ok", wanted(List.of("a", "b\0"), Map.of()), 1));
        refused(() -> rules.create("ok", wanted(Collections.nCopies(257, "a"), Map.of()), 1));
        refused(() -> rules.create("ok", wanted(List.of("a", "b".repeat(65_536)), Map.of()), 1));
        assertThat(rules.create("ok", wanted(Collections.nCopies(256, "a"), Map.of()), 1)
                        .command())
                .hasSize(256);
    }

    @Test
    void only_listed_executables_run_whatever_they_are_called() throws Exception {
        Path fake = Files.createDirectory(temp.resolve("bin")).resolve("sleep");
        Files.copy(Path.of("/bin/sh"), fake);
        DataFolder folder = DataFolder.open(temp.resolve("data"));
        Launcher launcher = new Launcher(
                folder,
                new InstanceLog(folder),
                new Executables(Settings.of("instances.allowed_commands=sleep").instances(), "/usr/bin:/bin"),
                new ProcessTable(),
                new ManualTime(),
                InstanceRulesTest::noPipe,
                Optional.empty(),
                noLimits());
        for (String command : List.of(
                "sh",
                "/bin/sh",
                "./sleep",
                fake.toString(),
                "/usr/bin/../../bin/sh",
                "sleep;sh",
                "sleep\nsh",
                "Sleep")) {
            assertThatThrownBy(() -> launcher.check(settings(command, temp.resolve("bin"))))
                    .as(command)
                    .isInstanceOf(LaunchFailure.class);
        }
        launcher.check(settings("sleep", temp));
    }

    @Test
    void a_link_in_place_of_a_folder_of_the_gateway_is_not_followed() throws Exception {
        DataFolder folder = DataFolder.open(temp.resolve("data"));
        folder.folder("instances");
        folder.folder("logs");
        Path outside = Files.createDirectory(temp.resolve("outside"));
        Files.createFile(outside.resolve("keep"));
        Files.createSymbolicLink(folder.root().resolve("instances/evil"), outside);
        Files.createSymbolicLink(folder.root().resolve("logs/evil"), outside);
        Launcher launcher = new Launcher(
                folder,
                new InstanceLog(folder),
                new Executables(Settings.defaults().instances(), "/usr/bin:/bin"),
                new ProcessTable(),
                new ManualTime(),
                InstanceRulesTest::noPipe,
                Optional.empty(),
                noLimits());

        InstanceSettings evil = rules.create("evil", wanted(List.of("true"), Map.of()), 1);
        assertThatThrownBy(() -> launcher.check(evil)).isInstanceOf(LaunchFailure.class);
        assertThatThrownBy(() -> new InstanceLog(folder).forget("evil")).isInstanceOf(IllegalArgumentException.class);
        assertThat(outside.resolve("keep")).exists();
    }

    @Test
    void a_log_that_is_neither_file_nor_pipe_is_refused_with_both_named() {
        assertThat(LogMode.of("pipe")).isEqualTo(LogMode.PIPE);
        assertThatThrownBy(() -> LogMode.of("tee"))
                .returns(ErrorCode.BAD_REQUEST, failure -> ((FairleadException) failure).code())
                .hasMessage("Field 'log' is file or pipe");
    }

    @Test
    void how_a_log_is_written_stays_where_a_change_says_nothing_of_it() {
        InstanceSettings made = rules.create("ok", logged(LogMode.PIPE), 1);

        assertThat(made.log()).isEqualTo(LogMode.PIPE);
        assertThat(rules.change(made, wanted(List.of("false"), Map.of())).log()).isEqualTo(LogMode.PIPE);
        assertThat(rules.change(made, logged(LogMode.FILE)).log()).isEqualTo(LogMode.FILE);
        assertThat(made.as("twin", 2).log()).isEqualTo(LogMode.PIPE);
        assertThat(rules.create("ok", wanted(List.of("true"), Map.of()), 1).log())
                .isEqualTo(LogMode.FILE);
    }

    private static OutputPipe noPipe(String name) throws LaunchFailure {
        throw new LaunchFailure("no pipe for " + name);
    }

    private static Wanted logged(LogMode log) {
        return new Wanted(
                Optional.of(List.of("true")),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(log),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private InstanceSettings settings(String command, Path cwd) {
        return rules.create(
                "ok",
                new Wanted(
                        Optional.of(List.of(command)),
                        Optional.of(cwd.toString()),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                1);
    }

    private static Wanted wanted(List<String> command, Map<String, String> env) {
        return new Wanted(
                Optional.of(command),
                Optional.empty(),
                Optional.of(env),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static void refused(ThrowingCallable attempt) {
        assertThatThrownBy(attempt).returns(ErrorCode.BAD_REQUEST, failure -> ((FairleadException) failure).code());
    }

    private static KeptLimits noLimits() {
        return new KeptLimits(
                new ControlGroups(Optional.empty()),
                new ProcessTable(),
                new Executables(Settings.defaults().instances(), "/usr/bin:/bin"));
    }
}
