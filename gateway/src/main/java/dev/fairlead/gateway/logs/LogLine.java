package dev.fairlead.gateway.logs;

/**
 * One line of a log, or a piece of one that was too long.
 *
 * @param text without its ending; bytes that are not UTF-8 stand as U+FFFD
 * @param start the position of its first byte
 * @param end the position after its ending
 */
record LogLine(String text, long start, long end) {}
