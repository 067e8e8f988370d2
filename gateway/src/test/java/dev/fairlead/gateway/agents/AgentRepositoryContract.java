package dev.fairlead.gateway.agents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.agents.Registration.Outcome.Admitted;
import dev.fairlead.gateway.auth.IssuedToken;
import dev.fairlead.gateway.auth.SigningKey;
import dev.fairlead.gateway.auth.TokenIssuer;
import dev.fairlead.gateway.auth.TokenKind;
import dev.fairlead.gateway.auth.TokenVerifier;
import dev.fairlead.gateway.auth.VerifiedToken;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.store.WriteUnit;
import dev.fairlead.gateway.time.ManualTime;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds of agents and tokens on every database. Names are unique per test: a server's tables outlive it. */
abstract class AgentRepositoryContract {
    private static final SigningKey KEY = SigningKey.generate();

    private final Vertx vertx = Vertx.vertx();
    private final ManualTime time = new ManualTime();
    private final TokenIssuer issuer = new TokenIssuer(KEY, time);
    private final TokenVerifier verifier = new TokenVerifier(KEY, time);
    private final AgentRepository repository = new AgentRepository(issuer);
    private final String name = "a-" + UUID.randomUUID();

    @TempDir
    Path temp;

    private Database database;

    abstract Settings.Db settings();

    @BeforeEach
    void open() throws Exception {
        database = await(Database.open(vertx, settings(), DataFolder.open(temp.resolve("data"))));
    }

    @AfterEach
    void close() throws Exception {
        await(database.close());
        await(vertx.close());
    }

    @Test
    void a_registration_token_brings_a_permanent_one() throws Exception {
        Admitted admitted = admitted(registrationToken());
        assertThat(verifier.verify(admitted.handedOut().orElseThrow()))
                .returns(TokenKind.AGENT, VerifiedToken::kind)
                .returns(name, VerifiedToken::subject)
                .returns(admitted.jti(), VerifiedToken::jti);
        assertThat(admitted.agent().epoch()).isEqualTo(1);
        assertThat(agents()).contains(admitted.agent());
    }

    @Test
    void a_registration_token_that_is_not_kept_is_refused() throws Exception {
        assertRefused(issuer.registration(name).text(), "withdrawn");
    }

    @Test
    void a_lost_reply_is_given_again_within_60_s() throws Exception {
        String token = registrationToken();
        Admitted first = admitted(token);
        time.advance(Duration.ofSeconds(60));
        Admitted again = admitted(token);
        assertThat(again.handedOut()).isEqualTo(first.handedOut());
        assertThat(again.agent().agentId()).isEqualTo(first.agent().agentId());
        assertThat(again.agent().epoch()).isEqualTo(2);
    }

    @Test
    void a_lost_reply_is_given_again_to_who_knows_the_nonce_alone() throws Exception {
        String token = registrationToken();
        admitted(token);
        for (Optional<String> nonce : List.of(Optional.<String>empty(), Optional.of("other"), Optional.of(""))) {
            assertThat(outcome(token, nonce)).isInstanceOf(Registration.Outcome.Refused.class);
        }
    }

    @Test
    void a_registration_token_used_without_a_nonce_is_used_up() throws Exception {
        String token = registrationToken();
        assertThat(outcome(token, Optional.empty())).isInstanceOf(Admitted.class);
        assertThat(outcome(token, Optional.empty())).isInstanceOf(Registration.Outcome.Refused.class);
    }

    @Test
    void a_used_registration_token_is_refused_after_60_s() throws Exception {
        String token = registrationToken();
        admitted(token);
        time.advance(Duration.ofMillis(60_001));
        assertRefused(token, "used already");
    }

    @Test
    void a_used_registration_token_is_refused_once_its_permanent_one_was_used() throws Exception {
        String token = registrationToken();
        admitted(admitted(token).handedOut().orElseThrow());
        assertRefused(token, "used already");
    }

    @Test
    void a_used_registration_token_does_not_bring_a_rotated_token_back() throws Exception {
        String token = registrationToken();
        admitted(token);
        rotate(time.instant().plusSeconds(600));
        assertRefused(token, "used already");
    }

    @Test
    void a_permanent_token_resumes_with_the_same_id_and_a_larger_epoch() throws Exception {
        Admitted first = admitted(registrationToken());
        Admitted resumed = admitted(first.handedOut().orElseThrow());
        assertThat(resumed.handedOut()).isEmpty();
        assertThat(resumed.jti()).isEqualTo(first.jti());
        assertThat(resumed.agent().agentId()).isEqualTo(first.agent().agentId());
        assertThat(resumed.agent().epoch()).isEqualTo(2);
    }

    @Test
    void a_permanent_token_that_was_never_handed_out_is_refused() throws Exception {
        Admitted first = admitted(registrationToken());
        assertRefused(issuer.agent(name).text(), "revoked");
        Instant otherTime = time.instant().plusSeconds(1);
        assertRefused(issuer.agent(name, first.jti(), otherTime).text(), "revoked");
    }

    @Test
    void a_new_registration_token_keeps_the_id_and_ends_older_tokens() throws Exception {
        Admitted first = admitted(registrationToken());
        Admitted anew = admitted(registrationToken());
        assertThat(anew.agent().agentId()).isEqualTo(first.agent().agentId());
        assertThat(anew.handedOut()).isNotEqualTo(first.handedOut());
        assertRefused(first.handedOut().orElseThrow(), "revoked");
    }

    @Test
    void two_who_use_one_registration_token_at_once_are_one_agent_with_one_token() throws Exception {
        String token = registrationToken();
        Registration one = registration(token);
        Registration other = registration(token);
        Future<Registration.Outcome> first = database.write(c -> repository.register(c, one));
        Future<Registration.Outcome> second = database.write(c -> repository.register(c, other));
        Admitted before = (Admitted) await(first);
        Admitted after = (Admitted) await(second);
        assertThat(after.handedOut()).isEqualTo(before.handedOut());
        assertThat(after.agent().agentId()).isEqualTo(before.agent().agentId());
        assertThat(after.agent().epoch()).isGreaterThan(before.agent().epoch());
    }

    @Test
    void revocation_voids_every_token_and_a_new_one_makes_another_agent() throws Exception {
        String unused = registrationToken();
        Admitted first = admitted(registrationToken());
        assertThat(revoke()).isTrue();
        assertRefused(first.handedOut().orElseThrow(), "revoked");
        assertRefused(unused, "withdrawn");
        assertThat(agents()).extracting(StoredAgent::name).doesNotContain(name);

        Admitted anew = admitted(registrationToken());
        assertThat(anew.agent().agentId()).isNotEqualTo(first.agent().agentId());
        assertThat(anew.agent().epoch()).isGreaterThan(first.agent().epoch());
        assertRefused(first.handedOut().orElseThrow(), "revoked");
    }

    @Test
    void revocation_finds_what_there_is() throws Exception {
        assertThat(revoke()).isFalse();
        String unused = registrationToken();
        assertThat(revoke()).isTrue();
        assertRefused(unused, "withdrawn");
        assertThat(revoke()).isFalse();
    }

    @Test
    void a_rotated_token_is_good_until_its_end() throws Exception {
        Admitted first = admitted(registrationToken());
        Instant end = time.instant().plusSeconds(600);
        IssuedToken newer = rotate(end);
        assertThat(admitted(first.handedOut().orElseThrow()).tokenEnd()).contains(end);
        assertThat(admitted(newer.text()).tokenEnd()).isEmpty();
        time.advance(Duration.ofMinutes(10));
        assertRefused(first.handedOut().orElseThrow(), "newer one");
        assertThat(admitted(newer.text()).jti()).isEqualTo(newer.claims().jti());
    }

    @Test
    void only_an_agent_can_be_given_a_new_token() throws Exception {
        IssuedToken fresh = issuer.agent(name);
        assertThat(rotate(fresh, time.instant())).isFalse();
        admitted(registrationToken());
        revoke();
        assertThat(rotate(fresh, time.instant())).isFalse();
    }

    @Test
    void only_the_hash_of_a_permanent_token_is_kept() throws Exception {
        String permanent = admitted(registrationToken()).handedOut().orElseThrow();
        String jti = verifier.verify(permanent).jti();
        PermanentToken kept =
                await(database.write(c -> AgentRepository.permanent(c, jti))).orElseThrow();
        assertThat(kept.sha256()).isEqualTo(PermanentToken.sha256(permanent)).hasSize(64);
    }

    @Test
    void reads_find_what_was_written() throws Exception {
        String token = registrationToken();
        String jti = verifier.verify(token).jti();
        assertThat(grant(jti).orElseThrow().usedAt()).isEmpty();
        Admitted admitted = admitted(token);
        RegistrationGrant used = grant(jti).orElseThrow();
        assertThat(used.usedAt()).contains(time.instant());
        assertThat(used.brought().map(PermanentToken::jti)).contains(admitted.jti());
        assertThat(grant("none")).isEmpty();
    }

    private Optional<RegistrationGrant> grant(String jti) throws Exception {
        return await(database.write(c -> AgentRepository.grant(c, jti)));
    }

    @Test
    void last_seen_is_kept_for_many_at_once() throws Exception {
        admitted(registrationToken());
        time.advance(Duration.ofMinutes(1));
        write(c -> repository.seen(c, Map.of(name, time.instant(), "nobody", time.instant())));
        assertThat(agents())
                .filteredOn(agent -> agent.name().equals(name))
                .extracting(StoredAgent::lastSeen)
                .containsExactly(time.instant());
    }

    @Test
    void pruning_forgets_only_what_is_over() throws Exception {
        String token = registrationToken();
        Admitted first = admitted(registrationToken());
        rotate(time.instant().plusSeconds(600));
        Instant now = time.instant();
        prune(now, now);
        assertThat(admitted(first.handedOut().orElseThrow()).tokenEnd()).isPresent();
        assertThat(prune(now.plusSeconds(3601), now.plusSeconds(601))).isGreaterThanOrEqualTo(3);
        assertRefused(token, "withdrawn");
        assertRefused(first.handedOut().orElseThrow(), "revoked");
    }

    @Test
    void what_an_agent_says_of_itself_is_bounded() throws Exception {
        IssuedToken grant = issuer.registration(name);
        write(c -> repository.addGrant(c, grant));
        Registration greedy = new Registration(
                grant.claims(),
                grant.text(),
                Optional.empty(),
                Optional.of("v\u0000\uD83D".repeat(1000)),
                Collections.nCopies(1000, "\uD83D\uDEA2\u0001\"".repeat(1000)),
                "node",
                issuer.agent(name),
                UUID.randomUUID().toString(),
                time.instant());
        Admitted admitted = (Admitted) write(c -> repository.register(c, greedy));
        assertThat(admitted.agent().version().orElseThrow()).isEqualTo("v".repeat(100));
        assertThat(admitted.agent().capabilities()).hasSize(64).containsOnly("\uD83D\uDEA2\"".repeat(50));
        assertThat(agents()).contains(admitted.agent());
    }

    private String registrationToken() throws Exception {
        IssuedToken token = issuer.registration(name);
        write(c -> repository.addGrant(c, token));
        return token.text();
    }

    private IssuedToken rotate(Instant previousEnd) throws Exception {
        IssuedToken fresh = issuer.agent(name);
        assertThat(rotate(fresh, previousEnd)).isTrue();
        return fresh;
    }

    private Admitted admitted(String token) throws Exception {
        Registration.Outcome outcome = register(token);
        assertThat(outcome).isInstanceOf(Admitted.class);
        return (Admitted) outcome;
    }

    private void assertRefused(String token, String why) throws Exception {
        assertThat(register(token))
                .isInstanceOfSatisfying(
                        Registration.Outcome.Refused.class,
                        refused -> assertThat(refused.why()).contains(why).contains("fairlead token create " + name));
    }

    private Registration.Outcome register(String token) throws Exception {
        Registration registration = registration(token);
        return write(c -> repository.register(c, registration));
    }

    private boolean revoke() throws Exception {
        return write(c -> repository.revoke(c, name));
    }

    private boolean rotate(IssuedToken fresh, Instant previousEnd) throws Exception {
        return write(c -> repository.rotate(c, fresh, previousEnd));
    }

    private int prune(Instant grantsBefore, Instant permanentBefore) throws Exception {
        return write(c -> repository.prune(c, grantsBefore, permanentBefore));
    }

    private Registration.Outcome outcome(String token, Optional<String> nonce) throws Exception {
        return write(c -> repository.register(c, registration(token, nonce)));
    }

    private Registration registration(String token) {
        return registration(token, Optional.of("nonce"));
    }

    private Registration registration(String token, Optional<String> nonce) {
        return new Registration(
                verifier.verify(token),
                token,
                nonce,
                Optional.of("1.0"),
                List.of("chat"),
                "node",
                issuer.agent(name),
                UUID.randomUUID().toString(),
                time.instant());
    }

    private List<StoredAgent> agents() throws Exception {
        return await(new AgentQueries(database).agents());
    }

    private <T> T write(WriteUnit<T> unit) throws Exception {
        return await(database.write(unit));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.await(20, TimeUnit.SECONDS);
    }
}
