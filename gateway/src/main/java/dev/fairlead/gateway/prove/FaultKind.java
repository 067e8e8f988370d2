package dev.fairlead.gateway.prove;

import com.fasterxml.jackson.annotation.JsonValue;

/** The kinds of faults, all of which a plain account can make on its own processes and files, save where it says so. */
enum FaultKind {
    /** {@code kill -9}, and started again at once. */
    KILLED("killed"),
    /** SIGTERM, exit 0, and started again. */
    TERMINATED("terminated"),
    /** SIGSTOP for seconds. */
    FROZEN("frozen"),
    /** The data folder is moved away and back. */
    MOVED("data folder away"),
    /** The log files of an instance are removed. */
    LOGS_REMOVED("log files removed"),
    /** The database file may not be written to at a start. Nothing to the root account. */
    READ_ONLY("database file read-only"),
    /** A copy of the folder whose database file lacks its tail is started beside. */
    TORN("database file torn"),
    /** As many connections as the system lets the gateway have, and more. */
    DESCRIPTORS("descriptors used up"),
    /** No space left. Needs an account that may mount. */
    DISK_FULL("disk full"),
    /** Every connection to PostgreSQL ends, and new ones are refused. */
    DATABASE_CUT("database cut off"),
    /** PostgreSQL accepts connections and does not answer. */
    DATABASE_SILENT("database silent");

    private final String words;

    FaultKind(String words) {
        this.words = words;
    }

    /** For people and programs. */
    @JsonValue
    String words() {
        return words;
    }

    @Override
    public String toString() {
        return words;
    }
}
