package dev.fairlead.gateway.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.fairlead.protocol.InstancesFrame;
import dev.fairlead.protocol.MessagesFrame;
import dev.fairlead.protocol.QuotesFrame;
import dev.fairlead.protocol.TokenFrame;

/** What the clients of streams read. */
class StreamFrameFuzzTest {
    @FuzzTest(maxDuration = "6s")
    void frames(byte[] bytes) {
        WrittenAgain.check(bytes, InstancesFrame.class);
        WrittenAgain.check(bytes, MessagesFrame.class);
        WrittenAgain.check(bytes, QuotesFrame.class);
        WrittenAgain.check(bytes, TokenFrame.class);
    }
}
