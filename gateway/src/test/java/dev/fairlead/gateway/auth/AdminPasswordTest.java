package dev.fairlead.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class AdminPasswordTest {
    @Test
    void only_the_password_itself_matches(Vertx vertx, VertxTestContext test) {
        AdminPassword password = new AdminPassword(vertx, "right");
        password.matches("wrong")
                .compose(wrong -> password.matches("right ").map(spaced -> wrong || spaced))
                .compose(wrong -> password.matches("right").map(right -> {
                    test.verify(() -> {
                        assertThat(wrong).isFalse();
                        assertThat(right).isTrue();
                    });
                    return right;
                }))
                .onComplete(test.succeedingThenComplete());
    }

    @Test
    void a_password_that_was_right_is_recognised_at_once(Vertx vertx, VertxTestContext test) {
        AdminPassword password = new AdminPassword(vertx, "right");
        password.matches("right")
                .onComplete(test.succeeding(first -> test.verify(() -> {
                    assertThat(password.matches("right").isComplete()).isTrue();
                    assertThat(password.matches("wrong").isComplete()).isFalse();
                    test.completeNow();
                })));
    }

    @Test
    void what_is_empty_or_huge_is_never_hashed(Vertx vertx, VertxTestContext test) {
        AdminPassword password = new AdminPassword(vertx, "right");
        test.verify(() -> {
            assertThat(password.matches("").result()).isFalse();
            assertThat(password.matches("x".repeat(AdminPassword.MAX_LENGTH + 1))
                            .result())
                    .isFalse();
            assertThat(password.toString()).doesNotContain("right");
        });
        test.completeNow();
    }
}
