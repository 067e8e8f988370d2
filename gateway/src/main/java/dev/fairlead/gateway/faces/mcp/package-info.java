/**
 * The Model Context Protocol: its messages to the gateway's tools, logs, messages and chats, in the revisions that
 * clients speak. It knows no socket and no rule of a concern; the edge hands it what came and sends what it answers.
 */
package dev.fairlead.gateway.faces.mcp;
