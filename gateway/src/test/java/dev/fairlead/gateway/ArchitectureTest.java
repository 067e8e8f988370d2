package dev.fairlead.gateway;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.targetOwner;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.fairlead.gateway.auth.SigningKey;
import dev.fairlead.gateway.edge.intake.HandshakeWatch;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.store.OwnTransactions;
import dev.fairlead.gateway.store.SideConnection;
import dev.fairlead.gateway.time.StateMachine;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.http.WebSocketBase;
import java.lang.annotation.Annotation;
import java.sql.DriverManager;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;

/** The rules of the house. */
@AnalyzeClasses(packages = "dev.fairlead.gateway", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "dev.fairlead.gateway.";

    /** The rooms that own a concern; each meets the others by records on the bus alone. */
    private static final List<String> CONCERNS = List.of(
            "agents",
            "alerts",
            "audit",
            "events",
            "instances",
            "logs",
            "messages",
            "tokens",
            "market",
            "orders",
            "chat",
            "logins",
            "keys",
            "faces");

    @ArchTest
    static final ArchRule rooms_form_no_cycles =
            slices().matching("dev.fairlead.gateway.(*)..").should().beFreeOfCycles();

    @ArchTest
    static void concerns_meet_on_the_bus_only(com.tngtech.archunit.core.domain.JavaClasses all) {
        for (String concern : CONCERNS) {
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + concern + "..")
                    .should()
                    .dependOnClassesThat(are(ofAnotherConcern(concern)).and(not(messages())))
                    .allowEmptyShould(true)
                    .check(all);
        }
    }

    /** What is decided is committed, and fenced, in one place before it is seen. */
    @ArchTest
    static final ArchRule what_is_decided_becomes_true_by_the_ledger = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + "ledger..", ROOT + "store..")
            .should()
            .accessTargetWhere(targetOwner(type(Database.class)).and(target(name("write"))));

    @ArchTest
    static final ArchRule nobody_else_has_a_connection_to_write_on = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "store..")
            .and(are(not(markedWith(OwnTransactions.class))))
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(
                    java.sql.Connection.class,
                    java.sql.Statement.class,
                    java.sql.PreparedStatement.class,
                    DriverManager.class,
                    DataSource.class,
                    SideConnection.class);

    /** What every concern stands on knows none of them, but by what they tell and are asked. */
    @ArchTest
    static final ArchRule the_kernel_knows_no_concern = noClasses()
            .that()
            .resideInAnyPackage(
                    ROOT + "bus..", ROOT + "cluster..", ROOT + "ledger..", ROOT + "store..", ROOT + "time..")
            .should()
            .dependOnClassesThat(are(ofAConcern()).and(not(messages())));

    @ArchTest
    static final ArchRule state_machines_know_nothing_of_what_they_are_run_by = noClasses()
            .that(are(markedWith(StateMachine.class)))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.vertx..",
                    "io.netty..",
                    "java.sql..",
                    "javax.sql..",
                    "java.net..",
                    "java.nio.channels..",
                    "java.nio.file..",
                    ROOT + "bus..",
                    ROOT + "edge..");

    @ArchTest
    static final ArchRule what_a_verticle_is_named_after_is_a_state_machine =
            classes().that(haveAVerticleBeside()).should().beAnnotatedWith(StateMachine.class);

    @ArchTest
    static final ArchRule sockets_live_in_the_edge = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + "edge..", ROOT + "cli..", ROOT + "bench..", ROOT + "upstream..")
            .should()
            .dependOnClassesThat(assignableTo(WebSocketBase.class));

    @ArchTest
    static final ArchRule only_the_bus_knows_the_event_bus = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + "bus..")
            .should()
            .dependOnClassesThat(assignableTo(EventBus.class));

    @ArchTest
    static final ArchRule the_edge_serves_and_is_served_by_nobody = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + "edge..", "dev.fairlead.gateway", ROOT + "cli..", ROOT + "bench..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + "edge..");

    /** They change from one release to the next; each of these says why it needs them. */
    @ArchTest
    static final ArchRule the_insides_of_vertx_are_left_alone = noClasses()
            .that(are(not(assignableTo(SigningKey.class))).and(not(assignableTo(HandshakeWatch.class))))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..impl..");

    @ArchTest
    static final ArchRule time_is_injected = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "time..")
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(LocalDateTime.class, "now")
            .orShould()
            .callMethod(Clock.class, "systemUTC")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class);

    @ArchTest
    static final ArchRule nothing_static_changes = fields().that()
            .areStatic()
            .and()
            .areDeclaredInClassesThat()
            .resideInAPackage("dev.fairlead.gateway..")
            .should()
            .beFinal();

    @ArchTest
    static final ArchRule verticles_are_named_so =
            classes().that().areAssignableTo(VerticleBase.class).should().haveSimpleNameEndingWith("Verticle");

    private static DescribedPredicate<JavaClass> ofAConcern() {
        return DescribedPredicate.describe("belong to a concern", type -> CONCERNS.contains(room(type)));
    }

    private static DescribedPredicate<JavaClass> ofAnotherConcern(String concern) {
        return DescribedPredicate.describe("belong to another concern", type -> {
            String room = room(type);
            return CONCERNS.contains(room) && !room.equals(concern);
        });
    }

    /** The package right below ours that a class lies in or below; empty for all others. Asked of each dependency. */
    private static String room(JavaClass type) {
        String name = type.getPackageName();
        if (!name.startsWith(ROOT)) {
            return "";
        }
        int end = name.indexOf('.', ROOT.length());
        return name.substring(ROOT.length(), end < 0 ? name.length() : end);
    }

    /** Records and enums, the sealed families they stand in, and what declares them. */
    private static DescribedPredicate<JavaClass> messages() {
        return DescribedPredicate.describe(
                "messages",
                type -> type.isRecord()
                        || type.isEnum()
                        || type.isInterface()
                        || type.getSimpleName().endsWith("Commands")
                        || type.getSimpleName().endsWith("Requests")
                        || type.getSimpleName().endsWith("Events"));
    }

    /** Those that are marked as such, and what is declared in them. */
    private static DescribedPredicate<JavaClass> markedWith(Class<? extends Annotation> mark) {
        return DescribedPredicate.describe("marked with @" + mark.getSimpleName(), type -> Stream.iterate(
                        Optional.of(type), Optional::isPresent, one -> one.flatMap(JavaClass::getEnclosingClass))
                .anyMatch(one -> one.get().isAnnotatedWith(mark)));
    }

    /** {@code X} where there is an {@code XVerticle} in the same room, and {@code Xs}, its plural; no mere record. */
    private static DescribedPredicate<JavaClass> haveAVerticleBeside() {
        return DescribedPredicate.describe("have a verticle beside", type -> {
            if (type.isRecord() || type.isInnerClass() || type.getModifiers().contains(JavaModifier.SYNTHETIC)) {
                return false;
            }
            String name = type.getSimpleName();
            return type.getPackage().getClasses().stream()
                    .map(JavaClass::getSimpleName)
                    .filter(other -> other.endsWith("Verticle"))
                    .map(other -> other.substring(0, other.length() - "Verticle".length()))
                    .anyMatch(stem -> name.equals(stem) || name.equals(stem + "s"));
        });
    }
}
