package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** What an instance can be set to, when it is made and later. What is not given is left out. */
final class InstanceOptions {
    private static final String NONE = "none";

    @Option(names = "--cwd", paramLabel = "DIR", description = "Its working folder; one of its own by default.")
    private String cwd;

    @Option(names = "--env", paramLabel = "NAME=VALUE", description = "A variable in its environment.")
    private Map<String, String> env;

    @Option(names = "--port", paramLabel = "PORT", description = "Its port; the next free one by default.")
    private Integer port;

    @Option(names = "--restart", paramLabel = "POLICY", description = "never, on-failure or always.")
    private String restart;

    @Option(
            names = "--health",
            paramLabel = "CHECK",
            description = "How its port is checked: tcp, http or http:/PATH; none for not at all.")
    private String health;

    @Option(
            names = "--depends-on",
            paramLabel = "NAME[:CONDITION]",
            split = ",",
            description =
                    "What is waited for before it is started: another instance that has started, is healthy, or has"
                            + " completed (default: started). 'none' for nothing.")
    private List<String> dependsOn;

    @Option(
            names = "--ready-when",
            paramLabel = "WHAT",
            description =
                    "What shows that it is ready: log=TEXT in a line of its log, port=PORT that takes connections,"
                            + " http=PATH that is answered on its port. 'none' as soon as it runs.")
    private String readyWhen;

    @Option(
            names = "--schedule",
            paramLabel = "CRON|MOMENT",
            description = "When it is started by itself: minute, hour, day, month and day of week as crontab has them,"
                    + " or once, such as 2026-12-24T18:00:00Z. 'none' for never.")
    private String schedule;

    @Option(
            names = "--schedule-zone",
            paramLabel = "ZONE",
            description = "The time zone of that crontab, such as Europe/Berlin (default: UTC).")
    private String zone;

    @Option(
            names = "--memory-max",
            paramLabel = "SIZE",
            description = "The memory it may use at most, such as 512MiB; none for no limit.")
    private String memoryMax;

    @Option(
            names = "--cpu-max",
            paramLabel = "CORES",
            description = "The processor time it may use at most, in cores, such as 0.5; 0 for no limit.")
    private Double cpuMax;

    @Option(names = "--user", paramLabel = "ACCOUNT", description = "The account it runs as; needs root.")
    private String user;

    @Option(
            names = "--log",
            paramLabel = "HOW",
            description = "file: it writes its log itself; pipe: the gateway does, and slows it (default: file).")
    private String log;

    @Option(
            names = "--acp",
            description = "The program speaks the Agent Client Protocol over stdio: it becomes an agent of the fleet.")
    private boolean acp;

    @Option(
            names = "--acp-allow",
            paramLabel = "WHAT",
            split = ",",
            description = "What that agent may have done for it in its working folder: fs, terminal.")
    private List<String> acpAllow;

    /** Puts what was given into the body of a call. */
    void into(ObjectNode body) {
        if (cwd != null) {
            body.put("cwd", cwd);
        }
        if (env != null) {
            env.forEach(body.putObject("env")::put);
        }
        if (port != null) {
            body.put("port", port);
        }
        if (restart != null) {
            body.put("restart", restart);
        }
        if (health != null) {
            health(body, health);
        }
        if (dependsOn != null) {
            dependencies(body);
        }
        if (readyWhen != null) {
            ready(body);
        }
        if (schedule != null) {
            schedule(body, schedule);
            if (zone != null) {
                body.withObject("schedule").put("zone", zone);
            }
        } else if (zone != null) {
            throw new CommandFailure(ExitStatus.USAGE, "--schedule-zone goes with --schedule");
        }
        if (memoryMax != null) {
            body.put("memory_max", memoryMax.equals(NONE) ? "" : memoryMax);
        }
        if (cpuMax != null) {
            body.put("cpu_max", cpuMax);
        }
        if (user != null) {
            body.put("user", user);
        }
        if (log != null) {
            body.put("log", log);
        }
        if (acp) {
            body.put("protocol", "acp");
        }
        if (acpAllow != null) {
            acpAllow.forEach(body.putArray("acp_allow")::add);
        }
    }

    private void dependencies(ObjectNode body) {
        ArrayNode all = body.putArray("depends_on");
        dependsOn.stream().filter(one -> !one.equals(NONE)).forEach(one -> dependency(all, one));
    }

    /** Adds a dependency written as {@code NAME} or {@code NAME:CONDITION}. */
    static void dependency(ArrayNode all, String written) {
        String[] parts = written.split(":", 2);
        ObjectNode on = all.addObject().put("name", parts[0]);
        if (parts.length == 2) {
            on.put("condition", parts[1]);
        }
    }

    /** Puts a schedule written as a crontab line, a moment or {@code none}. */
    static void schedule(ObjectNode body, String written) {
        ObjectNode schedule = body.putObject("schedule");
        if (!written.equals(NONE)) {
            schedule.put(written.contains(" ") ? "cron" : "at", written);
        }
    }

    /** Puts a check written as {@code tcp}, {@code http}, {@code http:/PATH} or {@code none}. */
    static void health(ObjectNode body, String written) {
        String[] parts = written.split(":", 2);
        ObjectNode probe = body.putObject("health").put("type", parts[0]);
        if (parts.length == 2) {
            probe.put("path", parts[1]);
        }
    }

    private void ready(ObjectNode body) {
        ObjectNode ready = body.putObject("ready_when");
        if (readyWhen.equals(NONE)) {
            return;
        }
        String[] parts = readyWhen.split("=", 2);
        if (parts.length == 2 && parts[0].equals("port") && parts[1].matches("\\d{1,5}")) {
            ready.put("port", Integer.parseInt(parts[1]));
        } else if (parts.length == 2 && (parts[0].equals("log") || parts[0].equals("http"))) {
            ready.put(parts[0], parts[1]);
        } else {
            throw new CommandFailure(
                    ExitStatus.USAGE, "--ready-when is log=TEXT, port=PORT, http=PATH or none, such as log=listening");
        }
    }
}
