package dev.fairlead.gateway.edge.page;

import io.vertx.core.buffer.Buffer;

/**
 * One file of the dashboard.
 *
 * @param gzipped the same, compressed by the build
 * @param tag changes with the content
 * @param immutable whether its name changes with the content as well, so that it may be kept for ever
 */
record PageFile(Buffer bytes, Buffer gzipped, String contentType, String tag, boolean immutable) {}
