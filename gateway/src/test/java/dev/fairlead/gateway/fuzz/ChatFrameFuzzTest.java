package dev.fairlead.gateway.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.fairlead.protocol.ChatCommand;
import dev.fairlead.protocol.ChatFrame;

/** What either side of a chat reads. */
class ChatFrameFuzzTest {
    @FuzzTest(maxDuration = "6s")
    void frames(byte[] bytes) {
        WrittenAgain.check(bytes, ChatCommand.class);
        WrittenAgain.check(bytes, ChatFrame.class);
    }
}
