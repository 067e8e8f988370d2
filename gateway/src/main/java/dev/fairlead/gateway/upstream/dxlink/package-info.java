/** DXLink, the protocol of dxFeed's quotes over a WebSocket, as its AsyncAPI document has it. */
package dev.fairlead.gateway.upstream.dxlink;
