import type { Socket, SocketEvents, TokenStore } from "./platform.js";

/** A page learns neither the status nor the body of a refused upgrade, and sends a token as a sub-protocol alone. */
export function connect(url: string, token: string | undefined, timeout: number, events: SocketEvents): Socket {
  const socket = new WebSocket(url, token === undefined ? ["fairlead.v1"] : ["fairlead.v1", `bearer.${token}`]);
  const late = setTimeout(() => socket.close(), timeout);
  let opened = false;
  socket.onopen = () => {
    opened = true;
    clearTimeout(late);
    events.open();
  };
  socket.onmessage = (event) => events.message(typeof event.data === "string" ? event.data : undefined);
  socket.onclose = (event) => {
    clearTimeout(late);
    events.end(
      opened
        ? { kind: "closed", code: event.code, reason: event.reason }
        : { kind: "unreachable", reason: "the gateway is not there, or refuses" },
    );
  };
  return {
    send: (text) => socket.send(text),
    // Browsers let a page close with 1000 and with codes from 3000 alone.
    close: (code) => socket.close(code === 1000 || code >= 3000 ? code : 1000),
  };
}

/** A page keeps no agent's token: it lives as long as the page. */
export function tokenStore(agent: string, _root: string | undefined): TokenStore {
  let kept: string | undefined;
  return {
    place: `the memory of this page, for agent '${agent}'`,
    read: async () => kept,
    write: async (token) => {
      kept = token;
    },
  };
}

/** Calls `close` when the program is asked to end; returns what undoes that. */
export function onTermination(_close: () => void): () => void {
  return () => {};
}

export function environment(): Record<string, string | undefined> {
  return {};
}

/** What nobody can guess, in hexadecimal. */
export function randomId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
