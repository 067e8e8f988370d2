package dev.fairlead.gateway.instances;

import dev.fairlead.gateway.streams.StreamDefinition;
import dev.fairlead.gateway.streams.StreamView;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.InstanceSummary;
import dev.fairlead.protocol.InstancesFrame;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The stream of instances, {@code /ws/instances}: two views, with archived instances and without. */
final class InstanceStream implements StreamDefinition<InstanceEvent> {
    static final String INCLUDE_ARCHIVED = "include_archived";

    private final Instances instances;
    private final Supplier<List<InstanceSummary>> others;

    /** @param others gives those of other nodes */
    InstanceStream(Instances instances, Supplier<List<InstanceSummary>> others) {
        this.instances = instances;
        this.others = others;
    }

    @Override
    public StreamView<InstanceEvent> view(Map<String, String> parameters) {
        return switch (parameters.getOrDefault(INCLUDE_ARCHIVED, "false")) {
            case "true" -> new View(true);
            case "false" -> new View(false);
            default ->
                throw new FairleadException(ErrorCode.BAD_REQUEST, "Parameter 'include_archived' is true or false");
        };
    }

    private final class View implements StreamView<InstanceEvent> {
        private final boolean includeArchived;

        View(boolean includeArchived) {
            this.includeArchived = includeArchived;
        }

        @Override
        public String key() {
            return includeArchived ? "archived" : "";
        }

        @Override
        public byte[] snapshot() {
            return FrameCodec.encode(new InstancesFrame.Snapshot(
                    Stream.concat(instances.all().stream().map(instances::summary), others.get().stream())
                            .filter(one -> includeArchived || one.archivedAt().isEmpty())
                            .sorted(Comparator.comparing(InstanceSummary::name))
                            .toList(),
                    includeArchived));
        }

        @Override
        public Optional<byte[]> delta(InstanceEvent event) {
            return includeArchived || shownToAll(event)
                    ? Optional.of(FrameCodec.encode(frame(event)))
                    : Optional.empty();
        }
    }

    /** Of an archived instance only that it became so is told to all; only an archived one can be deleted. */
    private static boolean shownToAll(InstanceEvent event) {
        return event instanceof InstanceEvent.Of of
                && (event instanceof InstanceEvent.Archived
                        || of.instance().archivedAt().isEmpty());
    }

    private static InstancesFrame frame(InstanceEvent event) {
        if (event instanceof InstanceEvent.Created created) {
            return new InstancesFrame.InstanceCreated(created.instance(), created.at());
        }
        if (event instanceof InstanceEvent.Archived) {
            return new InstancesFrame.InstanceArchived(event.name(), event.at());
        }
        if (event instanceof InstanceEvent.Unarchived unarchived) {
            return new InstancesFrame.InstanceUnarchived(unarchived.instance(), unarchived.at());
        }
        if (event instanceof InstanceEvent.Of changed) {
            return new InstancesFrame.StatusChanged(changed.instance(), changed.at());
        }
        return new InstancesFrame.InstanceDeleted(event.name(), event.at());
    }
}
