package dev.fairlead.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.List;

/**
 * The stream of instances. Where a frame carries a whole instance, its fields stand in the frame itself and replace
 * what was known of it.
 *
 * <p>A client that does not include archived instances hears nothing of one after {@code instance_archived} until
 * {@code instance_unarchived}.
 */
@JsonSubTypes({
    @JsonSubTypes.Type(InstancesFrame.Snapshot.class),
    @JsonSubTypes.Type(InstancesFrame.StatusChanged.class),
    @JsonSubTypes.Type(InstancesFrame.InstanceCreated.class),
    @JsonSubTypes.Type(InstancesFrame.InstanceArchived.class),
    @JsonSubTypes.Type(InstancesFrame.InstanceUnarchived.class),
    @JsonSubTypes.Type(InstancesFrame.InstanceDeleted.class)
})
public sealed interface InstancesFrame extends StreamFrame {

    /** All instances, or all that are not archived. */
    @JsonTypeName("snapshot")
    record Snapshot(List<InstanceSummary> instances, boolean includeArchived) implements InstancesFrame {
        public Snapshot {
            instances = List.copyOf(instances);
        }
    }

    /** Status, pid, health or a setting that shows changed. */
    @JsonTypeName("status_changed")
    record StatusChanged(@JsonUnwrapped InstanceSummary instance, Instant timestamp) implements InstancesFrame {}

    @JsonTypeName("instance_created")
    record InstanceCreated(@JsonUnwrapped InstanceSummary instance, Instant timestamp) implements InstancesFrame {}

    /** Archived at the frame's time. */
    @JsonTypeName("instance_archived")
    record InstanceArchived(String name, Instant timestamp) implements InstancesFrame {}

    /** Whole, for clients that had forgotten it. */
    @JsonTypeName("instance_unarchived")
    record InstanceUnarchived(@JsonUnwrapped InstanceSummary instance, Instant timestamp) implements InstancesFrame {}

    @JsonTypeName("instance_deleted")
    record InstanceDeleted(String name, Instant timestamp) implements InstancesFrame {}
}
