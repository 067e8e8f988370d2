package dev.fairlead.gateway;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** This program as one to be started beside a gateway: this Java and this jar, or these classes, wherever they are. */
public final class OwnProgram {
    private static final String MAIN = "dev.fairlead.gateway.Fairlead";

    /** Small: there may be many, and they have little to do. */
    private static final List<String> JVM = List.of(
            "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:ReservedCodeCacheSize=24m", "-Xss512k", "-Xshare:auto");

    private OwnProgram() {}

    /**
     * Its command line.
     *
     * @param heapMegabytes the most memory its heap may take
     * @param arguments as they would be typed
     */
    public static List<String> command(int heapMegabytes, List<String> arguments) {
        String classes = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        command.addAll(List.of("-Xmx" + heapMegabytes + "m", "-cp", classes, MAIN));
        command.addAll(arguments);
        return command;
    }
}
