package dev.fairlead.gateway.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** Writes {@link PreparedTexts} when the build is made. */
public final class PreparedTextsWriter {
    private final Path folder;

    /** @param folder the one of the texts; made where it is not there */
    PreparedTextsWriter(Path folder) {
        this.folder = folder;
    }

    /**
     * Writes them among the classes of a build.
     *
     * @param args the folder of the classes
     */
    public static void main(String[] args) throws IOException {
        new PreparedTextsWriter(Path.of(args[0]).resolve(PreparedTexts.FOLDER)).write();
    }

    void write() throws IOException {
        CommandLine root = FairleadCommand.commandLine(console(System.out));
        help(root, List.of());
        for (List<String> words : PreparedTexts.OUTPUTS) {
            write(PreparedTexts.output(words), output(words));
        }
    }

    private void help(CommandLine command, List<String> words) throws IOException {
        write(PreparedTexts.help(words), command.getUsageMessage(Ansi.ON));
        for (Map.Entry<String, CommandLine> below : command.getSubcommands().entrySet()) {
            List<String> longer = new ArrayList<>(words);
            longer.add(below.getKey());
            help(below.getValue(), longer);
        }
    }

    private static String output(List<String> words) {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        Console console = console(new PrintStream(written, true, StandardCharsets.UTF_8));
        int status = FairleadCommand.commandLine(console).execute(words.toArray(String[]::new));
        if (status != ExitStatus.OK.code()) {
            throw new IllegalStateException(words + " fails with " + status);
        }
        return written.toString(StandardCharsets.UTF_8);
    }

    private static Console console(PrintStream out) {
        return new Console(InputStream.nullInputStream(), out, System.err, Map.of(), Path.of("/"));
    }

    private void write(String path, String text) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
