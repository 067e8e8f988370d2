package dev.fairlead.gateway.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Looks at the threads of this process while a load is on it. How much each uses is what the system counts; at what an
 * event loop uses it is told by its stack, looked at a few hundred times a second. Nothing of what is measured knows of
 * it. Used by one thread.
 */
final class StageSampler {
    /** Between two looks, on average; irregular, lest it keep step with a timer. */
    private static final int MEAN_MICROS = 4_000;

    private static final String LOOPS = "vert.x-eventloop-thread-";
    /** The writer, and what the embedded database does beside it. */
    private static final List<String> STORE = List.of("fairlead-writer", "MVStore ", "H2-");

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private final CountDownLatch ending = new CountDownLatch(1);
    private final Map<Long, Long> before = new HashMap<>();
    private final Map<Long, Map<MessageStage, Integer>> found = new HashMap<>();
    private final Thread looking;
    private final long processBefore;
    private final long[] loops;

    /** Begins at once. */
    StageSampler() {
        processBefore = system.getProcessCpuTime();
        List<Long> ofLoops = new ArrayList<>();
        for (ThreadInfo thread : all()) {
            before.put(thread.getThreadId(), threads.getThreadCpuTime(thread.getThreadId()));
            if (thread.getThreadName().startsWith(LOOPS)) {
                ofLoops.add(thread.getThreadId());
                found.put(thread.getThreadId(), new EnumMap<>(MessageStage.class));
            }
        }
        loops = ofLoops.stream().mapToLong(Long::longValue).toArray();
        looking = new Thread(this::look, "bench-stages");
        looking.setDaemon(true);
        looking.start();
    }

    /** Ends, and says what it saw. */
    StageTimes end() throws InterruptedException {
        long own = 0;
        Map<Long, Long> used = new HashMap<>();
        List<ThreadInfo> there = all();
        for (ThreadInfo thread : there) {
            long cpu = threads.getThreadCpuTime(thread.getThreadId()) - before.getOrDefault(thread.getThreadId(), 0L);
            used.put(thread.getThreadId(), Math.max(0, cpu)); // -1 of one that has ended meanwhile
            own += thread.getThreadId() == looking.getId() ? cpu : 0;
        }
        long process = system.getProcessCpuTime() - processBefore - own;
        ending.countDown();
        looking.join();
        List<StageTimes.ThreadTime> times = new ArrayList<>();
        for (ThreadInfo thread : there) {
            long id = thread.getThreadId();
            if (id != looking.getId()) {
                times.add(new StageTimes.ThreadTime(
                        used.get(id), found.getOrDefault(id, Map.of()), stage(thread.getThreadName())));
            }
        }
        return StageTimes.of(times, process);
    }

    private void look() {
        SplittableRandom random = new SplittableRandom();
        try {
            while (!ending.await(random.nextInt(1, 2 * MEAN_MICROS), TimeUnit.MICROSECONDS)) {
                for (ThreadInfo loop : threads.getThreadInfo(loops, Integer.MAX_VALUE)) {
                    if (loop != null) {
                        MessageStage.of(loop.getStackTrace()).ifPresent(stage -> found.get(loop.getThreadId())
                                .merge(stage, 1, Integer::sum));
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<ThreadInfo> all() {
        List<ThreadInfo> there = new ArrayList<>();
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null) {
                there.add(thread);
            }
        }
        return there;
    }

    private static MessageStage stage(String thread) {
        if (thread.startsWith(LOOPS)) {
            return MessageStage.LOOP;
        }
        return STORE.stream().anyMatch(thread::startsWith) ? MessageStage.COMMIT : MessageStage.OTHER;
    }
}
