package dev.fairlead.gateway.instances;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An account of this machine that instances run as, other than the gateway's own.
 *
 * @param home of its own; empty where the system gives it none, or one that belongs to another
 */
record Account(String name, long uid, long gid, Optional<Path> home, String shell) {
    /** Where the working folders are of its instances that were given none. */
    private static final String FOLDERS = ".fairlead/instances";
    /** What the gateway's environment says of the gateway's account, and is not passed on to another's. */
    private static final List<String> OF_THE_GATEWAY = List.of("HOME", "USER", "LOGNAME", "SHELL", "TMPDIR");

    /** The folder of an instance's own, which nobody else reads; the data folder is closed to other accounts. */
    Optional<Path> folder(String instance) {
        return home.map(path -> path.resolve(FOLDERS).resolve(instance));
    }

    /**
     * What a program's environment is under this account.
     *
     * @param all as it were under the gateway's
     * @param own what the operator set for the instance, which stays
     * @param cwd stands in for a home where there is none
     */
    Map<String, String> environment(Map<String, String> all, Map<String, String> own, Path cwd) {
        Map<String, String> made = new TreeMap<>(all);
        made.keySet().removeAll(OF_THE_GATEWAY);
        made.put("HOME", home.orElse(cwd).toString());
        made.put("USER", name);
        made.put("LOGNAME", name);
        made.put("SHELL", shell);
        made.putAll(own);
        return made;
    }
}
