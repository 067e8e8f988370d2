package dev.fairlead.gateway.instances;

/**
 * One process of one boot of the machine; a pid alone may be another's by now.
 *
 * @param startTicks when it started, in the kernel's clock ticks since the boot
 * @param bootId the kernel's name for this boot
 */
record ProcessIdentity(long pid, long startTicks, String bootId) {}
