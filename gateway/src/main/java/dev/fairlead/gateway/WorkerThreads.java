package dev.fairlead.gateway;

import io.vertx.core.spi.ExecutorServiceFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Makes the pools of workers with all their threads started ahead. A thread that cannot be had later, for the system
 * has no more (pids.max, ulimit -u, memory), would be an error in the midst of handing a queue its next task, after
 * which Vert.x takes that queue for busy for ever. Found by Vert.x through {@code META-INF/services}.
 */
public final class WorkerThreads implements ExecutorServiceFactory {
    @Override
    public ExecutorService createExecutor(ThreadFactory threads, Integer concurrency, Integer maxConcurrency) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                maxConcurrency, maxConcurrency, 0, TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(), threads);
        pool.prestartAllCoreThreads();
        return pool;
    }
}
