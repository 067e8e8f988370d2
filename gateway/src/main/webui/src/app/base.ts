/**
 * The path below which a proxy has the gateway (`http.base_path`), without a slash at its end; empty for none. The
 * script knows it from its own address, which is `<base>/assets/…`.
 */
export const base: string = baseOf(import.meta.url);

export function baseOf(script: string): string {
  return /^https?:/.test(script) ? new URL("..", script).pathname.replace(/\/$/, "") : "";
}

/** A path of the browser's as the gateway knows it. */
export function withoutBase(path: string, prefix: string = base): string {
  return path === prefix ? "/" : path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path;
}

/** A path of the gateway's as the browser has to ask for it; one that is so already stays. */
export function withBase(path: string, prefix: string = base): string {
  const inside = path.startsWith("/") && !path.startsWith("//") && !path.startsWith(`${prefix}/`);
  return inside && prefix !== "" ? prefix + path : path;
}
