package dev.fairlead.gateway.prove;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Some of the messages that were accepted, each as likely to be among them as any other however many come. Safe for use
 * by several threads.
 */
final class AcceptedSample {
    private static final int SIZE = 500;

    private final List<HistoryEvent.Accepted> sample = new ArrayList<>(SIZE);
    private final RandomGenerator random;
    private long seen;

    AcceptedSample(RandomGenerator random) {
        this.random = random;
    }

    synchronized void add(HistoryEvent.Accepted accepted) {
        seen++;
        if (sample.size() < SIZE) {
            sample.add(accepted);
        } else {
            long place = random.nextLong(seen);
            if (place < SIZE) {
                sample.set((int) place, accepted);
            }
        }
    }

    /** The ids of those in it that were accepted by that moment, in milliseconds since the run began. */
    synchronized List<String> by(long at) {
        return sample.stream()
                .filter(accepted -> accepted.at() <= at)
                .map(HistoryEvent.Accepted::messageId)
                .toList();
    }
}
