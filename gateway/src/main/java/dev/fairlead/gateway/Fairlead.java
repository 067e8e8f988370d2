package dev.fairlead.gateway;

import dev.fairlead.gateway.cli.Console;
import dev.fairlead.gateway.cli.FairleadCommand;

/** The command line's entry point. */
public final class Fairlead {
    private Fairlead() {}

    public static void main(String[] args) {
        System.exit(FairleadCommand.execute(Console.system(), args));
    }
}
