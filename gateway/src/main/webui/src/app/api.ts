import type { ErrorBody } from "wire";
import { withBase } from "./base.ts";
import { sessionKey } from "./session_key.ts";

/** A refusal in the gateway's own words: what is wrong and what mends it. */
export class ApiError extends Error {
  constructor(readonly status: number, readonly code: string, message: string) {
    super(message);
  }
}

type Listener = () => void;
let listener: Listener = () => {};

/** Hears whenever the gateway wants to know who we are. */
export function onUnauthorized(then: Listener): void {
  listener = then;
}

/** The gateway wants to know who we are. */
export function unauthorized(): void {
  listener();
}

/** Calls REST. Fails with an `ApiError` in every case, so that there is always something to show. */
export async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetched(method, path, body);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** As `call`, for an answer that is no JSON; `signal` ends it, which is a failure like any other. */
export async function fetched(
  method: string,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(withBase(path), {
      method,
      credentials: "same-origin",
      cache: "no-store",
      headers: {
        "X-Fairlead": sessionKey() || "dashboard",
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
  } catch {
    throw new ApiError(0, "unreachable", "The gateway does not answer. Is it running?");
  }
  if (response.ok) {
    return response;
  }
  const refusal = await refusalOf(response);
  if (response.status === 401 && path !== "/api/login") {
    unauthorized();
  }
  throw refusal;
}

async function refusalOf(response: Response): Promise<ApiError> {
  try {
    const { error } = await response.json() as ErrorBody;
    return new ApiError(response.status, error.code, error.message);
  } catch {
    return new ApiError(response.status, "unknown", `The gateway answered ${response.status}`);
  }
}

export const get = <T>(path: string): Promise<T> => call<T>("GET", path);
export const post = <T>(path: string, body?: unknown): Promise<T> => call<T>("POST", path, body);
export const patch = <T>(path: string, body: unknown): Promise<T> => call<T>("PATCH", path, body);
export const del = (path: string): Promise<void> => call<void>("DELETE", path);

/** A path from its parts, each of them encoded; what follows a `?` is built by `query`. */
export function path(...parts: string[]): string {
  return "/api/" + parts.map(encodeURIComponent).join("/");
}

/** A query with what is not empty; begins with `?` where there is any. */
export function query(parameters: Record<string, string | number | undefined>): string {
  const filled = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== "");
  return filled.length === 0
    ? ""
    : "?" + filled.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join("&");
}

/** What there is to say of any failure. */
export function messageOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}
