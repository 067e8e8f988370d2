package dev.fairlead.gateway.auth;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import javax.crypto.spec.SecretKeySpec;

/**
 * The operator's password, checked by its Argon2id hash on a worker, one check at a time, so that a flood of guesses
 * takes neither the event loops nor the memory. The last password that was right is recognised again by a keyed hash at
 * once: the key is random and dies with the process.
 */
public final class AdminPassword {
    /** Bound on what is hashed at all. */
    public static final int MAX_LENGTH = 1024;

    // The least the OWASP password storage cheat sheet recommends for Argon2id: 19 MiB, 2 passes, 1 lane.
    private static final int MEMORY_KIB = 19_456;
    private static final int PASSES = 2;
    private static final int LANES = 1;
    private static final int HASH_BYTES = 32;
    private static final int SALT_BYTES = 16;

    private final WorkerExecutor worker;
    private final byte[] salt = RandomBytes.of(SALT_BYTES);
    private final SecretKeySpec recognitionKey = Hmac.key(RandomBytes.of(HASH_BYTES));
    private final String password;
    /** Set and used on the one worker thread. */
    private Optional<byte[]> hash = Optional.empty();

    private volatile byte[] lastGood = RandomBytes.of(HASH_BYTES);

    /** Hashes the password with the first check, so that the start does not wait for it. */
    public AdminPassword(Vertx vertx, String password) {
        this.worker = vertx.createSharedWorkerExecutor("fairlead-password", 1);
        this.password = password;
    }

    /**
     * Whether {@code candidate} is the password; completes on the caller's context, at once where it was right before.
     */
    public Future<Boolean> matches(String candidate) {
        return matches(candidate, BooleanSupplier::getAsBoolean);
    }

    /**
     * As {@link #matches(String)}, each check made by way of {@code limit}, one after the other, so that a check that
     * waits for its turn does not count against others.
     *
     * @param limit runs the check it is given, or throws to refuse it, which fails the future
     */
    public Future<Boolean> matches(String candidate, Predicate<BooleanSupplier> limit) {
        boolean possible = !candidate.isEmpty() && candidate.length() <= MAX_LENGTH;
        byte[] recognised = recognition(possible ? candidate : "");
        boolean known = possible && MessageDigest.isEqual(recognised, lastGood);
        if (known || !possible) {
            try {
                return Future.succeededFuture(limit.test(() -> known));
            } catch (RuntimeException refusal) {
                return Future.failedFuture(refusal);
            }
        }
        return worker.executeBlocking(() -> limit.test(() -> {
            boolean right = MessageDigest.isEqual(hash(), argon2id(candidate, salt));
            if (right) {
                lastGood = recognised;
            }
            return right;
        }));
    }

    /** The password hashed with that salt, on the worker: who kept such a hash knows by it whether it is the same. */
    public Future<PasswordHash> hashed(String withSalt) {
        HexFormat hex = HexFormat.of();
        return worker.executeBlocking(
                () -> new PasswordHash(withSalt, hex.formatHex(argon2id(password, hex.parseHex(withSalt)))));
    }

    /** A salt for {@link #hashed}. */
    public static String newSalt() {
        return HexFormat.of().formatHex(RandomBytes.of(SALT_BYTES));
    }

    @Override
    public String toString() {
        return "AdminPassword[********]";
    }

    private byte[] hash() {
        if (hash.isEmpty()) {
            hash = Optional.of(argon2id(password, salt));
        }
        return hash.get();
    }

    private static byte[] argon2id(String password, byte[] salt) {
        return Argon2Function.getInstance(MEMORY_KIB, PASSES, LANES, HASH_BYTES, Argon2.ID)
                .hash(password.getBytes(StandardCharsets.UTF_8), salt)
                .getBytes();
    }

    private byte[] recognition(String candidate) {
        return Hmac.of(recognitionKey, candidate.getBytes(StandardCharsets.UTF_8));
    }
}
