package dev.fairlead.gateway.bus;

import dev.fairlead.gateway.streams.EncodedFrames;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.RawJson;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/**
 * Values of a type, made from what the type says: of a record one with each value of each of its components, of a
 * sealed family some of each member, of everything that may be absent one with it and one without.
 */
final class Samples {
    /** Bounds the nesting of types that hold themselves. */
    private static final int DEPTH = 6;

    private static final Map<Class<?>, List<Object>> PLAIN = Map.ofEntries(
            Map.entry(String.class, List.of("a-1", "", "ä \"😀\" \\ \u0000")),
            Map.entry(int.class, List.of(1, 0, Integer.MAX_VALUE)),
            Map.entry(long.class, List.of(1L, Long.MAX_VALUE)),
            Map.entry(double.class, List.of(1.5, 0.0)),
            Map.entry(boolean.class, List.of(true, false)),
            Map.entry(Integer.class, List.of(1, Integer.MAX_VALUE)),
            Map.entry(Long.class, List.of(1L, Long.MAX_VALUE)),
            Map.entry(Double.class, List.of(1.5)),
            Map.entry(Boolean.class, List.of(true, false)),
            Map.entry(byte[].class, List.of(new byte[] {0, -1, 127}, new byte[0])),
            Map.entry(
                    BigDecimal.class,
                    List.of(new BigDecimal("1.50"), new BigDecimal("1E+3"), new BigDecimal("0." + "3".repeat(40)))),
            Map.entry(Instant.class, List.of(Instant.parse("2026-01-02T03:04:05.678901234Z"), Instant.EPOCH)),
            Map.entry(LocalDate.class, List.of(LocalDate.parse("2026-01-02"))),
            Map.entry(Duration.class, List.of(Duration.ofNanos(1), Duration.ZERO)),
            Map.entry(UUID.class, List.of(new UUID(1, -2))),
            Map.entry(OptionalInt.class, List.of(OptionalInt.of(3), OptionalInt.empty())),
            Map.entry(OptionalLong.class, List.of(OptionalLong.of(3), OptionalLong.empty())),
            Map.entry(RawJson.class, List.of(RawJson.of("{\"a\":[1,null]}".getBytes(StandardCharsets.UTF_8)))));

    private Samples() {}

    static List<Object> of(Type type) {
        return of(type, DEPTH);
    }

    private static List<Object> of(Type type, int depth) {
        if (type instanceof ParameterizedType generic) {
            return generic((Class<?>) generic.getRawType(), generic.getActualTypeArguments(), depth);
        }
        if (type instanceof WildcardType wildcard) {
            return of(wildcard.getUpperBounds()[0], depth);
        }
        if (type instanceof TypeVariable<?> variable) {
            return of(variable.getBounds()[0], depth);
        }
        Class<?> of = (Class<?>) type;
        if (PLAIN.containsKey(of)) {
            return PLAIN.get(of);
        }
        if (of.isEnum()) {
            return List.of(of.getEnumConstants());
        }
        if (of.isRecord()) {
            return depth == 0 ? List.of() : records(of, depth);
        }
        if (of.isSealed()) {
            List<Object> all = new ArrayList<>();
            for (Class<?> member : of.getPermittedSubclasses()) {
                all.addAll(of(member, depth));
            }
            return all;
        }
        return made(of);
    }

    private static List<Object> generic(Class<?> raw, Type[] arguments, int depth) {
        List<Object> first = of(arguments[0], depth - 1);
        if (raw == Optional.class) {
            List<Object> all = new ArrayList<>(List.of(Optional.empty()));
            first.forEach(one -> all.add(Optional.of(one)));
            return all;
        }
        if (raw == List.class) {
            return List.of(List.copyOf(first), List.of());
        }
        if (raw == Set.class) {
            return List.of(Set.copyOf(first), Set.of());
        }
        if (raw == Map.class) {
            List<Object> values = of(arguments[1], depth - 1);
            return values.isEmpty() ? List.of(Map.of()) : List.of(Map.of(first.get(0), values.get(0)), Map.of());
        }
        return of(raw, depth);
    }

    private static List<Object> records(Class<?> type, int depth) {
        RecordComponent[] components = type.getRecordComponents();
        List<List<Object>> values = new ArrayList<>();
        for (RecordComponent component : components) {
            List<Object> some = of(component.getGenericType(), depth - 1);
            if (some.isEmpty()) {
                return List.of();
            }
            values.add(some);
        }
        List<Object> made = new ArrayList<>();
        Object[] base = values.stream().map(some -> some.get(0)).toArray();
        make(type, base).ifPresent(made::add);
        for (int i = 0; i < base.length; i++) {
            for (Object other : values.get(i).subList(1, values.get(i).size())) {
                Object[] changed = base.clone();
                changed[i] = other;
                make(type, changed).ifPresent(made::add);
            }
        }
        if (made.isEmpty()) {
            throw new AssertionError("No sample of " + type + " can be made of " + Arrays.toString(base));
        }
        return made;
    }

    /** Empty where the record refuses such values. */
    private static Optional<Object> make(Class<?> type, Object[] values) {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return Optional.of(constructor.newInstance(values));
        } catch (InvocationTargetException refused) {
            return Optional.empty();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(type + " is made otherwise", e);
        }
    }

    /** Value types of the house that are no records make themselves. */
    private static List<Object> made(Class<?> type) {
        return switch (type.getSimpleName()) {
            case "EncodedFrames" ->
                List.of(
                        new EncodedFrames.Builder()
                                .add("{}".getBytes(StandardCharsets.UTF_8))
                                .add("{\"ä\":1}".getBytes(StandardCharsets.UTF_8))
                                .build(),
                        EncodedFrames.NONE);
            case "JsonNode", "ObjectNode" -> List.of(FrameCodec.tree("{\"a\":[1,null,\"x\",1.5,true,12345678901]}"));
            default ->
                throw new AssertionError("A record on the bus holds a " + type.getName()
                        + ", of which it is not known how it crosses to another node");
        };
    }
}
