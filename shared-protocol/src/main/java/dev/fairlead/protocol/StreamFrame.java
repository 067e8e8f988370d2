package dev.fairlead.protocol;

import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * What a server sends on a stream: first the state as it is (a snapshot or backlog), then what changes. Position in the
 * stream, {@code epoch} and {@code seq}, is no part of the records: {@link FrameCodec#encode(StreamFrame,
 * StreamPosition)} adds it.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public sealed interface StreamFrame
        permits AgentsFrame,
                EventsFrame,
                InstancesFrame,
                LogsFrame,
                MessagesFrame,
                QuotesFrame,
                StreamControl.FromServer,
                TokenFrame {}
