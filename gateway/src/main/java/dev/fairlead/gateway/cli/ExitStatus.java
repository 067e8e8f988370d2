package dev.fairlead.gateway.cli;

/** The exit codes of every command, fit for scripts to tell apart. */
enum ExitStatus {
    OK(0),
    FAILED(1),
    /** Wrong options, arguments or settings: nothing was tried. */
    USAGE(2),
    UNREACHABLE(3),
    UNAUTHORIZED(4);

    private final int code;

    ExitStatus(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
