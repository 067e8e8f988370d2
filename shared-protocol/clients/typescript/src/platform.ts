/** What differs between Node and browsers. */

/** A refused upgrade, a connection that could not be made, or the end of one. */
export type SocketEnd =
  | { kind: "refused"; status: number; body: string; retryAfter: string }
  | { kind: "unreachable"; reason: string }
  | { kind: "closed"; code: number; reason: string };

/** Told what comes over a socket; never again after `end`. */
export interface SocketEvents {
  open(): void;
  message(text: string | undefined): void;
  /** Anything was heard that is no message. */
  life(): void;
  end(end: SocketEnd): void;
}

export interface Socket {
  send(text: string): void;
  close(code: number): void;
  /** Stops reading for a while; absent where the platform cannot. */
  pause?(): void;
  resume?(): void;
}

/** Where an agent keeps its permanent token. */
export interface TokenStore {
  /** For people. */
  readonly place: string;
  read(): Promise<string | undefined>;
  write(token: string): Promise<void>;
}

export const MAX_MESSAGE_BYTES = 1 << 20;
