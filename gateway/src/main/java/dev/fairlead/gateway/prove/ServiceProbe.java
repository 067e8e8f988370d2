package dev.fairlead.gateway.prove;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Looks, several times a second, whether a write and a read are answered; on a thread of its own. */
final class ServiceProbe implements Runnable {
    private static final long PERIOD_MS = 100;

    private final ServedProcess gateway;
    private final MessageTraffic traffic;
    private final History history;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = new Thread(this, "prove-probe");
    private long sent;

    private ServiceProbe(ServedProcess gateway, MessageTraffic traffic, History history) {
        this.gateway = gateway;
        this.traffic = traffic;
        this.history = history;
    }

    /** Looks from now on. */
    static ServiceProbe begin(ServedProcess gateway, MessageTraffic traffic, History history) {
        ServiceProbe probe = new ServiceProbe(gateway, traffic, history);
        probe.thread.setDaemon(true);
        probe.thread.start();
        return probe;
    }

    @Override
    public void run() {
        try {
            do {
                look();
            } while (!closing.await(PERIOD_MS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() throws InterruptedException {
        String key = "p-" + ++sent;
        try {
            ServedProcess.Answer write = gateway.look(
                    "POST",
                    "/api/messages",
                    "{\"to\":\"" + MessageTraffic.recipient() + "\",\"type\":\"prove.probe\",\"idempotency_key\":\""
                            + key + "\",\"payload\":{\"key\":\"" + key + "\"}}");
            if (write.status() / 100 == 2) {
                traffic.accepted(key, write.body().path("message_id").asText());
                if (gateway.look("GET", "/api/messages?limit=1", "").status() == 200) {
                    history.add(new HistoryEvent.Served(history.now()));
                }
            }
        } catch (IOException e) {
            // No answer is what it looks for.
        }
    }

    /** Looks no more. */
    void end() throws InterruptedException {
        closing.countDown();
        thread.join();
    }
}
