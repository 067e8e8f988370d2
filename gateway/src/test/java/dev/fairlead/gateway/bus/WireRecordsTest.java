package dev.fairlead.gateway.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    static List<Class<?>> records() throws IOException {
        Set<Class<?>> found = new LinkedHashSet<>();
        ourClasses()
                .filter(type ->
                        type.isRecord() && (Request.class.isAssignableFrom(type) || Event.class.isAssignableFrom(type)))
                .forEach(type -> {
                    found.add(type);
                    Stream.of(type.getGenericInterfaces())
                            .flatMap(WireRecordsTest::answer)
                            .forEach(found::add);
                });
        return found.stream().sorted(Comparator.comparing(Class::getName)).toList();
    }

    /** Each class of the product, loaded but not initialised. */
    private static Stream<Class<?>> ourClasses() throws IOException {
        Path root = compiled();
        try (Stream<Path> files = Files.walk(root.resolve("dev/fairlead/gateway"))) {
            return files
                    .map(file -> root.relativize(file).toString())
                    .filter(file -> file.endsWith(".class") && !file.endsWith("-info.class"))
                    .map(file ->
                            file.substring(0, file.length() - ".class".length()).replace(File.separatorChar, '.'))
                    .<Class<?>>map(WireRecordsTest::loaded)
                    .toList()
                    .stream();
        }
    }

    private static Path compiled() {
        try {
            return Path.of(Bus.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static Class<?> loaded(String name) {
        try {
            return Class.forName(name, false, Bus.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static Stream<Class<?>> answer(Type implemented) {
        return implemented instanceof ParameterizedType generic && generic.getRawType() == Request.class
                ? Stream.of((Class<?>) generic.getActualTypeArguments()[0])
                : Stream.of();
    }

    @Test
    void they_are_found() throws IOException {
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
