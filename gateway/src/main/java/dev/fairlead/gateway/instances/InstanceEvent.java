package dev.fairlead.gateway.instances;

import dev.fairlead.gateway.bus.Event;
import dev.fairlead.protocol.InstanceSummary;
import java.time.Instant;
import java.util.Optional;

/** What became of instances, told after it was committed. */
public sealed interface InstanceEvent extends Event {
    /** The instance it is about. */
    String name();

    /** The node it lives on, or lived. */
    Optional<String> node();

    /** When it happened. */
    Instant at();

    /** An event that leaves an instance: it carries what the instance is now. */
    sealed interface Of extends InstanceEvent {
        /** The instance after the event. */
        InstanceSummary instance();

        @Override
        default String name() {
            return instance().name();
        }

        @Override
        default Optional<String> node() {
            return instance().node();
        }
    }

    /** A new instance, by itself or as a clone. */
    record Created(InstanceSummary instance, Instant at) implements Of {}

    /** Its status, process or health changed. */
    record StatusChanged(InstanceSummary instance, Instant at) implements Of {}

    /** Its settings changed. */
    record Changed(InstanceSummary instance, Instant at) implements Of {}

    record Archived(InstanceSummary instance, Instant at) implements Of {}

    record Unarchived(InstanceSummary instance, Instant at) implements Of {}

    /** It is gone; its log folder is removed next. */
    record Deleted(String name, Optional<String> node, Instant at) implements InstanceEvent {
        Deleted(String name, String node, Instant at) {
            this(name, Optional.of(node), at);
        }
    }
}
