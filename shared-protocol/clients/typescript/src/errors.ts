/** The same request may succeed later without any change to it. */
const RETRYABLE = new Set([
  "agent_offline",
  "budget_exhausted",
  "busy",
  "connection_lost",
  "outcome_unknown",
  "quote_unavailable",
  "rate_limited",
  "registration_timeout",
  "shutting_down",
  "slow_consumer",
  "storage_unavailable",
  "timeout",
  "token_unavailable",
  "too_many_requests",
  "upstream_unavailable",
]);

/**
 * An error of the gateway, of another agent, or of the connection; `code` says which, the text is for people. A handler
 * that throws one has it told to who asked, as it stands.
 */
export class FairleadError extends Error {
  override readonly name = "FairleadError";

  constructor(
    readonly code: string,
    message: string,
    /** Milliseconds the gateway asks to wait before the next try; 0 where it does not say. */
    readonly retryAfter = 0,
  ) {
    super(message);
  }

  /** Whether the same request may succeed later without any change to it. */
  get retryable(): boolean {
    return RETRYABLE.has(this.code);
  }

  /** What stands under `error` on the wire. */
  static of(detail: unknown): FairleadError {
    if (!isObject(detail)) {
      return new FairleadError("internal", "An error without details");
    }
    const after = detail.retry_after_ms;
    return new FairleadError(
      String(detail.code ?? "internal"),
      String(detail.message ?? ""),
      typeof after === "number" ? after : 0,
    );
  }
}

/** A JSON object. */
export type Json = Record<string, unknown>;

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function messageOf(failure: unknown): string {
  return failure instanceof Error ? failure.message || failure.name : String(failure);
}
