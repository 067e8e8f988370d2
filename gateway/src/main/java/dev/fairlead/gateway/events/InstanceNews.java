package dev.fairlead.gateway.events;

import dev.fairlead.gateway.instances.InstanceEvent;
import dev.fairlead.protocol.EventsFrame;
import dev.fairlead.protocol.InstanceStatus;

/** What became of instances, as the stream of events tells it: no reason, which may quote a log. */
final class InstanceNews {
    private InstanceNews() {}

    static EventsFrame frame(InstanceEvent event) {
        // Only what has stopped can be archived, and only what is archived can be deleted.
        InstanceStatus status =
                event instanceof InstanceEvent.Of of ? of.instance().status() : InstanceStatus.STOPPED;
        return new EventsFrame.InstanceEvent(event.name(), what(event), status, event.at());
    }

    private static String what(InstanceEvent event) {
        if (event instanceof InstanceEvent.Created) {
            return "instance_created";
        }
        if (event instanceof InstanceEvent.Archived) {
            return "instance_archived";
        }
        if (event instanceof InstanceEvent.Unarchived) {
            return "instance_unarchived";
        }
        if (event instanceof InstanceEvent.Deleted) {
            return "instance_deleted";
        }
        return event instanceof InstanceEvent.Changed ? "instance_changed" : "status_changed";
    }
}
