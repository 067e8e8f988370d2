package dev.fairlead.gateway.faces.acp;

import java.io.IOException;

/** Signals to a process and all of its group. */
final class ProcessGroups {
    private ProcessGroups() {}

    /**
     * Sends one. Blocks.
     *
     * @param ownGroup whether it leads a group of its own
     * @param name as {@code kill} takes it
     */
    static void signal(Process process, boolean ownGroup, String name) {
        if (!ownGroup) {
            if (name.equals("KILL")) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            } else {
                process.destroy();
            }
            return;
        }
        try {
            new ProcessBuilder("kill", "-" + name, "--", "-" + process.pid())
                    .redirectError(ProcessBuilder.Redirect.DISCARD) // nobody is left to be told
                    .start()
                    .waitFor();
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
