package dev.fairlead.gateway.instances;

import dev.fairlead.gateway.instances.InstanceCommands.Wanted;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.Names;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What an instance may be set to, as far as that can be told without looking at the disk. Messages name the field and
 * never repeat a value: it may be a secret.
 */
final class InstanceRules {
    static final int MAX_ARGUMENTS = 256;
    static final int MAX_ARGUMENT_CHARS = 64 * 1024;
    static final int MAX_VARIABLES = 256;
    static final int MAX_VARIABLE_CHARS = 64 * 1024;

    private static final int MAX_PATH = 4_000;
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,254}");

    /** Variables that make a program load or run what its command does not say, in a shell or runtime many use. */
    private static final Set<String> LOADERS = Set.of(
            "JAVA_TOOL_OPTIONS",
            "_JAVA_OPTIONS",
            "JDK_JAVA_OPTIONS",
            "JAVA_OPTS",
            "CLASSPATH",
            "NODE_OPTIONS",
            "NODE_PATH",
            "PYTHONSTARTUP",
            "PYTHONPATH",
            "PYTHONHOME",
            "PYTHONINSPECT",
            "PERL5OPT",
            "PERL5LIB",
            "PERLLIB",
            "RUBYOPT",
            "RUBYLIB",
            "BASH_ENV",
            "ENV",
            "SHELLOPTS",
            "BASHOPTS",
            "PS4",
            "PROMPT_COMMAND",
            "IFS",
            "GCONV_PATH",
            "GLIBC_TUNABLES",
            "LOCPATH",
            "NLSPATH",
            "HOSTALIASES",
            "RESOLV_HOST_CONF",
            "OPENSSL_CONF",
            "OPENSSL_ENGINES",
            "PYTHONUSERBASE",
            "PYTHONPYCACHEPREFIX",
            "PYTHONBREAKPOINT",
            "PYTHONWARNINGS",
            "NPM_CONFIG_NODE_OPTIONS",
            "npm_config_node_options",
            "DOTNET_STARTUP_HOOKS",
            "DOTNET_ADDITIONAL_DEPS",
            "DOTNET_SHARED_STORE",
            "GIO_EXTRA_MODULES",
            "GIO_MODULE_DIR",
            "GTK_MODULES",
            "GTK_PATH",
            "QT_PLUGIN_PATH",
            "GIT_SSH_COMMAND",
            "GIT_EXEC_PATH");

    private static final List<String> LOADER_PREFIXES =
            List.of("LD_", "DYLD_", "_RLD", "CORECLR_", "COR_", "DOTNET_gc", "BASH_FUNC_");

    /** What may be set even where commands are restricted: no program runs other code for it. */
    private static final Pattern HARMLESS = Pattern.compile("LANG|LANGUAGE|LC_[A-Z]+|TZ|NO_COLOR");

    private static final String RESERVED_PREFIX = "FAIRLEAD_";

    private final Settings.Instances settings;

    InstanceRules(Settings.Instances settings) {
        this.settings = settings;
    }

    /**
     * The settings of a new instance.
     *
     * @param port where none is wanted
     * @throws FairleadException {@code bad_request}
     */
    InstanceSettings create(String name, Wanted wanted, int port) {
        List<String> command = wanted.command()
                .orElseThrow(() -> refused("Field 'command' is missing: the program and its arguments, as a list"));
        InstanceSettings made = new InstanceSettings(
                Names.require("Field 'name'", name),
                command,
                wanted.cwd(),
                wanted.env().orElse(Map.of()),
                wanted.port().orElse(port),
                wanted.restart().orElse(RestartPolicy.NEVER),
                wanted.health().filter(probe -> !probe.isNone()),
                wanted.autostart().orElse(false),
                wanted.user().filter(user -> !user.isEmpty()),
                wanted.protocol(),
                wanted.acpAllow().orElse(List.of()),
                wanted.labels().orElse(Map.of()),
                wanted.log().orElse(LogMode.FILE),
                wanted.dependsOn().orElse(List.of()),
                wanted.readyWhen().filter(ready -> !ready.isNone()),
                wanted.schedule().filter(times -> !times.isNone()),
                Limits.NONE.changed(wanted.memoryMax(), wanted.cpuMax()));
        return checked(made);
    }

    /** What is left out in a new instance of that name and port. */
    static InstanceSettings blank(InstanceSettings made) {
        return new InstanceSettings(
                made.name(),
                List.of(),
                Optional.empty(),
                Map.of(),
                made.port(),
                RestartPolicy.NEVER,
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Map.of(),
                LogMode.FILE,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Limits.NONE);
    }

    /** The settings after a change. */
    InstanceSettings change(InstanceSettings now, Wanted wanted) {
        return checked(new InstanceSettings(
                now.name(),
                wanted.command().orElse(now.command()),
                wanted.cwd().isPresent() ? wanted.cwd() : now.cwd(),
                wanted.env().orElse(now.env()),
                wanted.port().orElse(now.port()),
                wanted.restart().orElse(now.restart()),
                (wanted.health().isPresent() ? wanted.health() : now.health()).filter(probe -> !probe.isNone()),
                wanted.autostart().orElse(now.autostart()),
                (wanted.user().isPresent() ? wanted.user() : now.user()).filter(user -> !user.isEmpty()),
                wanted.protocol().isPresent() ? wanted.protocol() : now.protocol(),
                wanted.acpAllow().orElse(now.acpAllow()),
                wanted.labels().orElse(now.labels()),
                wanted.log().orElse(now.log()),
                wanted.dependsOn().orElse(now.dependsOn()),
                (wanted.readyWhen().isPresent() ? wanted.readyWhen() : now.readyWhen())
                        .filter(ready -> !ready.isNone()),
                (wanted.schedule().isPresent() ? wanted.schedule() : now.schedule()).filter(times -> !times.isNone()),
                now.limits().changed(wanted.memoryMax(), wanted.cpuMax())));
    }

    private InstanceSettings checked(InstanceSettings made) {
        checkCommand(made.command());
        checkEnvironment(made.env());
        made.cwd().ifPresent(InstanceRules::checkCwd);
        made.user().ifPresent(InstanceRules::checkUser);
        made.health().ifPresent(HealthProbe::required);
        made.readyWhen().ifPresent(ReadyWhen::required);
        port(made.port());
        Labels.check(made.labels());
        if (made.protocol().isEmpty() && !made.acpAllow().isEmpty()) {
            throw refused("Field 'acp_allow' is for instances whose 'protocol' is acp");
        }
        return made;
    }

    /** Refuses what is no port. */
    int port(int wanted) {
        if (wanted < 1 || wanted > 65_535) {
            throw refused("Field 'port' is from 1 to 65535");
        }
        return wanted;
    }

    private static void checkCommand(List<String> command) {
        if (command.isEmpty() || command.get(0).isBlank()) {
            throw refused("Field 'command' begins with the program to run");
        }
        if (command.size() > MAX_ARGUMENTS
                || command.stream().mapToInt(String::length).sum() > MAX_ARGUMENT_CHARS) {
            throw refused("Field 'command' has at most " + MAX_ARGUMENTS + " entries and " + MAX_ARGUMENT_CHARS
                    + " characters");
        }
        if (command.stream().anyMatch(InstanceRules::hasNul)) {
            throw refused("Field 'command' holds a NUL character");
        }
    }

    private void checkEnvironment(Map<String, String> env) {
        if (env.size() > MAX_VARIABLES
                || env.entrySet().stream()
                                .mapToInt(entry -> entry.getKey().length()
                                        + entry.getValue().length())
                                .sum()
                        > MAX_VARIABLE_CHARS) {
            throw refused("Field 'env' has at most " + MAX_VARIABLES + " variables and " + MAX_VARIABLE_CHARS
                    + " characters");
        }
        env.forEach((name, value) -> {
            if (!VARIABLE.matcher(name).matches()) {
                throw refused("Field 'env' has a name that is none: letters, digits and '_', no digit first");
            }
            if (hasNul(value)) {
                throw refused("Variable '" + name + "' in field 'env' holds a NUL character");
            }
            if (name.startsWith(RESERVED_PREFIX)) {
                throw refused("Variable '" + name + "' in field 'env' is the gateway's own: FAIRLEAD_… is reserved");
            }
            if (name.equals("PORT")) {
                throw refused("Variable 'PORT' in field 'env' is set by the gateway; use field 'port'");
            }
            if (!settings.allowedCommands().isEmpty()
                    && !settings.envAllow().contains(name)
                    && !HARMLESS.matcher(name).matches()) {
                throw refused(
                        "Variable '" + name + "' in field 'env' is not one an instance may set where"
                                + " instances.allowed_commands restricts what runs; list it in instances.env_allow to permit it");
            }
            if (isLoader(name) && !settings.envAllow().contains(name)) {
                throw refused("Variable '" + name + "' in field 'env' can make a program run other code; list it in"
                        + " instances.env_allow to permit it");
            }
        });
    }

    /** Whether a variable can make programs run what their command does not say. */
    static boolean isLoader(String name) {
        return LOADERS.contains(name) || LOADER_PREFIXES.stream().anyMatch(name::startsWith);
    }

    private static void checkCwd(String cwd) {
        if (!cwd.startsWith("/") || cwd.length() > MAX_PATH || hasNul(cwd)) {
            throw refused("Field 'cwd' is the absolute path of a folder");
        }
    }

    private static void checkUser(String user) {
        if (!OtherAccounts.isName(user)) {
            throw refused("Field 'user' is the name of an account of this machine: letters, digits, '.', '_' and '-',"
                    + " no digit first, 32 at most");
        }
    }

    private static boolean hasNul(String text) {
        return text.indexOf('\0') >= 0;
    }

    private static FairleadException refused(String why) {
        return new FairleadException(ErrorCode.BAD_REQUEST, why);
    }

    /** What is refused only after a look at the disk. */
    static FairleadException unusable(LaunchFailure failure) {
        return refused("It could not be started: " + failure.getMessage());
    }

    /** A port that something else on this machine listens on. */
    static FairleadException portInUse(int port) {
        return new FairleadException(
                ErrorCode.CONFLICT,
                "Port " + port + " is in use on this machine; choose another, or none for the next free one");
    }

    static FairleadException noPortLeft(int base) {
        return new FairleadException(
                ErrorCode.CONFLICT,
                "No port is free from " + base + " on; delete instances or set instances.port_base lower");
    }

    /** A name that belongs to an instance on another node of the cluster. */
    static FairleadException nameTakenElsewhere(String name) {
        return new FairleadException(
                ErrorCode.NAME_TAKEN, "There is an instance named '" + name + "' on another node already");
    }
}
