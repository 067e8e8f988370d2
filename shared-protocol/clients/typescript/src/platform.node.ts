import { randomBytes } from "node:crypto";
import { chmod, lstat, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { WebSocket } from "ws";
import { MAX_MESSAGE_BYTES, type Socket, type SocketEvents, type TokenStore } from "./platform.js";

const MAX_BODY = 64 * 1024;
const MAX_TOKEN_BYTES = 16 * 1024;

export function connect(url: string, token: string | undefined, timeout: number, events: SocketEvents): Socket {
  const socket = new WebSocket(url, {
    handshakeTimeout: timeout,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    ...(token === undefined ? {} : { headers: { Authorization: `Bearer ${token}` } }),
  });
  let opened = false;
  let over = false;
  const end: SocketEvents["end"] = (how) => {
    if (!over) {
      over = true;
      events.end(how);
    }
  };
  socket.on("open", () => {
    opened = true;
    events.open();
  });
  socket.on("message", (data, binary) => events.message(binary ? undefined : data.toString()));
  socket.on("ping", () => events.life());
  socket.on("pong", () => events.life());
  socket.on("unexpected-response", (request, response) => {
    const parts: Buffer[] = [];
    let size = 0;
    const answered = () => {
      end({
        kind: "refused",
        status: response.statusCode ?? 0,
        body: Buffer.concat(parts).toString(),
        retryAfter: String(response.headers["retry-after"] ?? ""),
      });
      request.destroy();
    };
    response.on("data", (part: Buffer) => {
      size += part.length;
      if (size <= MAX_BODY) {
        parts.push(part);
      }
    });
    response.on("end", answered);
    response.on("error", answered);
  });
  socket.on("error", (failure) => {
    if (!opened) {
      end({ kind: "unreachable", reason: failure.message || failure.name });
    }
  });
  socket.on("close", (code, reason) => end({ kind: "closed", code, reason: reason.toString() }));
  return {
    send: (text) => socket.send(text, () => {}), // what fails to be sent is seen by the end of the connection
    close: (code) => {
      socket.close(code);
      // A peer that does not answer the close is not waited for.
      setTimeout(() => socket.terminate(), 2_000).unref();
    },
    pause: () => socket.pause(),
    resume: () => socket.resume(),
  };
}

/**
 * `<root>/<agent>/token`: the folder for its owner alone (0700), the file as well (0600), whatever the umask; replaced as
 * a whole or not at all.
 */
export function tokenStore(agent: string, root: string | undefined): TokenStore {
  const place = join(root ?? join(homedir(), ".fairlead", "agents"), agent, "token");
  return {
    place,
    async read() {
      let status: Awaited<ReturnType<typeof lstat>>;
      try {
        status = await lstat(place);
      } catch (failure) {
        if ((failure as NodeJS.ErrnoException).code === "ENOENT") {
          return undefined;
        }
        throw failure;
      }
      if (!status.isFile() || status.size > MAX_TOKEN_BYTES) {
        throw new Error(`${place} is not a token file; move it away`);
      }
      return (await readFile(place, "utf8")).trim() || undefined;
    },
    async write(token) {
      const folder = dirname(place);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await chmod(folder, 0o700);
      const fresh = join(folder, `.token${randomId()}`);
      try {
        const file = await open(fresh, "wx", 0o600);
        try {
          await file.chmod(0o600); // the umask may have taken bits away
          await file.writeFile(`${token}\n`);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(fresh, place);
      } finally {
        await rm(fresh, { force: true });
      }
    },
  };
}

/** Calls `close` when the program is asked to end; returns what undoes that. */
export function onTermination(close: () => void): () => void {
  process.once("SIGTERM", close);
  process.once("SIGINT", close);
  return () => {
    process.off("SIGTERM", close);
    process.off("SIGINT", close);
  };
}

export function environment(): Record<string, string | undefined> {
  return process.env;
}

/** What nobody can guess, in hexadecimal. */
export function randomId(): string {
  return randomBytes(16).toString("hex");
}
