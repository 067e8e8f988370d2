package dev.fairlead.gateway.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.fairlead.protocol.AgentData;
import dev.fairlead.protocol.AgentEnvelope;
import dev.fairlead.protocol.EnvelopeView;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.RawJson;
import java.util.List;

/** What agents send. As a plain test it runs the kept inputs alone; {@code mvn test -Pfuzz} searches for others. */
class EnvelopeFuzzTest {
    private static final List<Class<?>> DATA = List.of(
            AgentData.Register.class,
            AgentData.Send.class,
            AgentData.Settle.class,
            AgentData.OrderSubmit.class,
            AgentData.ChatEvent.class,
            AgentData.LogAppend.class);

    @FuzzTest(maxDuration = "6s")
    void envelopes(byte[] bytes) {
        EnvelopeView view;
        try {
            view = EnvelopeView.parse(bytes);
        } catch (FairleadException e) {
            assertThat(e.getMessage()).isNotEmpty();
            return;
        }
        view.data().ifPresent(EnvelopeFuzzTest::data);
        try {
            assertThat(AgentEnvelope.parse(bytes).subject()).isEqualTo(view.subject());
        } catch (FairleadException e) {
            assertThat(e.getMessage()).isNotEmpty(); // the view leaves numbers unread
        }
    }

    private static void data(RawJson data) {
        byte[] json = data.toBytes();
        DATA.forEach(type -> {
            try {
                FrameCodec.decodeData(json, 0, json.length, type);
            } catch (FairleadException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        });
    }
}
