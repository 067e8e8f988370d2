package dev.fairlead.gateway.settings;

import java.util.regex.Pattern;

/** Tells an address that only this machine can reach, without asking any name server. */
public final class LoopbackHost {

    private static final Pattern IPV4 = Pattern.compile("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    private static final Pattern IPV6 = Pattern.compile("\\[?(::1|0:0:0:0:0:0:0:1)]?");

    private LoopbackHost() {}

    /** Whether {@code host} is this machine, in whatever form. */
    public static boolean matches(String host) {
        return host.equalsIgnoreCase("localhost")
                || IPV4.matcher(host).matches()
                || IPV6.matcher(host).matches();
    }
}
