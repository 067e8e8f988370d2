package dev.fairlead.gateway.logs;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when something happens in a folder, at once, where the platform can (Linux: inotify); elsewhere it tells
 * nothing and the poll alone counts. Safe for use by several threads.
 */
final class FileNotifier implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FileNotifier.class);

    private final Optional<WatchService> service;
    private final Map<WatchKey, Runnable> listeners = new ConcurrentHashMap<>();

    private FileNotifier(Optional<WatchService> service) {
        this.service = service;
    }

    static FileNotifier open() {
        // Java's service for other systems polls itself, and more seldom than we do.
        boolean isNative =
                System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux");
        Optional<WatchService> service = Optional.empty();
        if (isNative) {
            try {
                service = Optional.of(FileSystems.getDefault().newWatchService());
            } catch (IOException e) {
                log.warn("Logs are polled: {}; fs.inotify.max_user_instances bounds it", e.getMessage());
            }
        }
        FileNotifier notifier = new FileNotifier(service);
        notifier.service.ifPresent(ignored -> {
            Thread thread = new Thread(notifier::run, "logs-notify");
            thread.setDaemon(true);
            thread.start();
        });
        return notifier;
    }

    /** A folder that is watched; {@link #again} asks for the next notice, {@link #stop} for none any more. */
    interface Watch {
        void again();

        void stop();
    }

    /**
     * Has {@code listener} called, on a thread of its own, once something happened in {@code folder}; the next time
     * only after {@link Watch#again}. Blocks shortly.
     */
    Watch watch(Path folder, Runnable listener) {
        if (service.isPresent()) {
            try {
                WatchKey key = folder.register(
                        service.get(),
                        StandardWatchEventKinds.ENTRY_MODIFY,
                        StandardWatchEventKinds.ENTRY_CREATE,
                        StandardWatchEventKinds.ENTRY_DELETE);
                listeners.put(key, listener);
                return new Registered(key);
            } catch (IOException | ClosedWatchServiceException e) {
                log.warn("{} is polled: {}; fs.inotify.max_user_watches bounds it", folder, e.toString());
            }
        }
        return new Registered();
    }

    @Override
    public void close() throws IOException {
        if (service.isPresent()) {
            service.get().close();
        }
    }

    private void run() {
        try {
            while (true) {
                WatchKey key = service.orElseThrow().take();
                Runnable listener = listeners.get(key);
                if (listener != null) {
                    listener.run();
                } else { // not put there yet, or removed already
                    key.pollEvents();
                    key.reset();
                }
            }
        } catch (ClosedWatchServiceException end) {
            // closed: nobody waits for news any more
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Registered implements Watch {
        private final Optional<WatchKey> key;

        Registered(WatchKey key) {
            this.key = Optional.of(key);
        }

        Registered() {
            this.key = Optional.empty();
        }

        @Override
        public void again() {
            key.ifPresent(one -> {
                one.pollEvents();
                one.reset();
            });
        }

        @Override
        public void stop() {
            key.ifPresent(one -> {
                listeners.remove(one);
                one.cancel();
            });
        }
    }
}
