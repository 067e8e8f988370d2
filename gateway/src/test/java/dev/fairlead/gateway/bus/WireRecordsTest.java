package dev.fairlead.gateway.bus;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.vertx.core.buffer.Buffer;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever goes over the bus may have to go to another node: every such record is found, sent there and compared. */
class WireRecordsTest {
    private static final RecordCodec CODEC = new RecordCodec();

    /** All requests with their answers, and all events. */
    static List<Class<?>> records() {
        Set<Class<?>> found = new LinkedHashSet<>();
        new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("dev.fairlead.gateway")
                        .stream()
                        .filter(type -> type.isRecord()
                                && (type.isAssignableTo(Request.class) || type.isAssignableTo(Event.class)))
                        .map(JavaClass::reflect)
                        .forEach(type -> {
                            found.add(type);
                            Stream.of(type.getGenericInterfaces())
                                    .flatMap(WireRecordsTest::answer)
                                    .forEach(found::add);
                        });
        return found.stream().sorted(Comparator.comparing(Class::getName)).toList();
    }

    private static Stream<Class<?>> answer(Type implemented) {
        return implemented instanceof ParameterizedType generic && generic.getRawType() == Request.class
                ? Stream.of((Class<?>) generic.getActualTypeArguments()[0])
                : Stream.of();
    }

    @Test
    void they_are_found() {
        assertThat(records())
                .hasSizeGreaterThan(150)
                .extracting(Class::getSimpleName)
                .contains("Send", "Sent", "Subscribed", "Frames", "Ended", "Attached", "Deliver", "Connected");
    }

    @ParameterizedTest
    @MethodSource("records")
    void a_record_is_on_another_node_what_it_was_on_this_one(Class<?> type) {
        for (Object sample : Samples.of(type)) {
            Buffer wire = Buffer.buffer("before");
            CODEC.encodeToWire(wire, (Record) sample);
            Record read = CODEC.decodeFromWire("before".length(), wire.appendString("after"));
            assertThat(read)
                    .as("%s", sample)
                    .isExactlyInstanceOf(type)
                    .usingRecursiveComparison()
                    .isEqualTo(sample);
        }
    }
}
