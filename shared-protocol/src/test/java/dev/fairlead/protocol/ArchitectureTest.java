package dev.fairlead.protocol;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.fairlead.protocol", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule a_stranger_needs_vertx_and_jackson_only = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "io.vertx..", "com.fasterxml.jackson..", "dev.fairlead.protocol..");

    @ArchTest
    static final ArchRule the_wire_does_not_know_its_clients = noClasses()
            .that()
            .resideInAPackage("dev.fairlead.protocol")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..client..");

    @ArchTest
    static final ArchRule the_wire_needs_no_network = noClasses()
            .that()
            .resideInAPackage("dev.fairlead.protocol")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.vertx..");

    @ArchTest
    static final ArchRule no_static_state_changes =
            fields().that().areStatic().and().doNotHaveName("$VALUES").should().beFinal();

    @ArchTest
    static final ArchRule time_is_injected = noClasses()
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(java.time.Instant.class, "now");
}
