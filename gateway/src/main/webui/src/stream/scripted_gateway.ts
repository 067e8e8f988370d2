import type { Socket } from "./stream_client.ts";

/** A socket whose other end a test plays. */
export class ScriptedSocket implements Socket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  readonly sent: string[] = [];

  constructor(readonly path: string) {}

  accept(): void {
    this.onopen?.();
  }

  refuse(): void {
    this.onclose?.({ code: 1006, reason: "" });
  }

  send(frame: unknown): void;
  send(text: string): void;
  send(frame: unknown): void {
    // The client sends text, the test's gateway frames.
    if (typeof frame === "string") {
      this.sent.push(frame);
    } else {
      this.onmessage?.({ data: JSON.stringify(frame) });
    }
  }

  end(code: number): void {
    this.onclose?.({ code, reason: "" });
  }

  close(): void {}
}

/** Takes connections as a gateway would, and does with them what a test says. */
export class ScriptedGateway {
  readonly sockets: ScriptedSocket[] = [];

  open(path: string): ScriptedSocket {
    const socket = new ScriptedSocket(path);
    this.sockets.push(socket);
    return socket;
  }

  get last(): ScriptedSocket {
    return this.sockets.at(-1)!;
  }

  get attempts(): number {
    return this.sockets.length;
  }
}
