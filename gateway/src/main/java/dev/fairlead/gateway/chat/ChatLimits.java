package dev.fairlead.gateway.chat;

import dev.fairlead.gateway.settings.Settings;
import java.time.Duration;

/**
 * What bounds a chat.
 *
 * @param queue turns that may wait in a session
 * @param queueTimeout how long one may wait
 * @param approvalLife how long a call waits for a person
 */
record ChatLimits(int queue, Duration queueTimeout, Duration approvalLife) {
    /** Characters of one message. */
    static final int MAX_CONTENT = 65_536;

    /** Characters of an answer. */
    static final int MAX_RESPONSE = 262_144;

    /** Characters of thinking and status in a turn that are told to a socket that joins late. */
    static final int MAX_PASSING = 65_536;

    /** Numbers of frames that are reserved on disk at a time. */
    static final long NUMBERS = 10_000;

    /** Events of one turn. */
    static final int MAX_EVENTS = 100_000;

    /** Characters of the arguments of a call. */
    static final int MAX_ARGS = 65_536;

    /** Characters of the name of a session. */
    static final int MAX_NAME = 200;

    /** Characters of an idempotency key. */
    static final int MAX_KEY = 128;

    /** Sessions of one owner. */
    static final int MAX_SESSIONS = 1_000;

    /** Messages of one session. */
    static final int MAX_MESSAGES = 10_000;

    /** Sessions with something under way at the same time. */
    static final int MAX_ACTIVE = 256;

    /** Messages of the history an agent is given. */
    static final int HISTORY_MESSAGES = 100;

    /** Characters of the history an agent is given. */
    static final int HISTORY_CHARACTERS = 100_000;

    static ChatLimits of(Settings settings) {
        return new ChatLimits(
                settings.chat().queue(),
                settings.chat().queueTimeout(),
                settings.approvals().ttl());
    }
}
