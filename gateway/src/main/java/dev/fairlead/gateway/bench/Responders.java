package dev.fairlead.gateway.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Agents that answer every request at once with the same data. */
final class Responders implements LoadConnection.Listener {
    private static final byte[] REPLY = "\"reply\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SUBJECT = "{\"subject\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_INBOX = 64;

    private final byte[] ending;
    private final byte[] answer;

    /** Answers with {@code data}, an object. */
    Responders(String data) {
        this.ending = ("\",\"data\":" + data + "}").getBytes(StandardCharsets.US_ASCII);
        this.answer = new byte[SUBJECT.length + LONGEST_INBOX + ending.length];
        System.arraycopy(SUBJECT, 0, answer, 0, SUBJECT.length);
    }

    @Override
    public void text(LoadConnection connection, ByteBuffer request) {
        int at = request.position() + SUBJECT.length;
        while (!isReply(request, at)) {
            at++;
        }
        at += REPLY.length;
        int length = SUBJECT.length;
        for (byte next = request.get(at); next != '"'; next = request.get(++at)) {
            answer[length++] = next;
        }
        System.arraycopy(ending, 0, answer, length, ending.length);
        connection.send(MaskedFrames.text(answer, length + ending.length));
    }

    private static boolean isReply(ByteBuffer request, int at) {
        for (int i = 0; i < REPLY.length; i++) {
            if (request.get(at + i) != REPLY[i]) {
                return false;
            }
        }
        return true;
    }
}
