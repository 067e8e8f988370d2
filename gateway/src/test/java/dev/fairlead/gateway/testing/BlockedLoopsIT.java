package dev.fairlead.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The check that others rely on catches a loop that is held, by work or by waiting. */
@Tag("alone")
class BlockedLoopsIT {
    enum Held {
        BY_WORK {
            @Override
            void hold(long until) {
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
            }
        },
        BY_WAITING {
            @Override
            void hold(long until) {
                while (System.nanoTime() < until) {
                    LockSupport.parkNanos(until - System.nanoTime());
                }
            }
        };

        abstract void hold(long until);
    }

    @ParameterizedTest
    @EnumSource
    void a_held_loop_is_caught(Held held) throws InterruptedException {
        BlockedLoops check = new BlockedLoops();
        Vertx vertx = Vertx.vertx(BlockedLoops.watched(new VertxOptions()));
        try {
            check.beforeTestExecution(null);
            CountDownLatch done = new CountDownLatch(1);
            vertx.runOnContext(on -> {
                held.hold(System.nanoTime() + TimeUnit.SECONDS.toNanos(2));
                done.countDown();
            });
            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(catchThrowable(() -> check.afterTestExecution(null)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("blocked");
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }
}
