const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** What is taken, in the words of the command line's `--since`. */
export const ACCEPTS = "15m (ago), 10:30, 2026-02-20, 2026-02-20 10:30 or 2026-02-20T10:30:00Z";

/**
 * A moment as people give one: so long ago (`15m`), a time of day, a date, both, where the reader is, or in ISO-8601 with an
 * offset. Missing where it is none.
 */
export function parseWhen(text: string, now: Date): Date | undefined {
  const ago = /^(\d{1,6})\s*([smhd])$/.exec(text);
  if (ago !== null) {
    return new Date(now.getTime() - Number(ago[1]) * UNITS[ago[2]!]!);
  }
  const clock = /^(\d{2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  if (clock !== null) {
    const at = new Date(now);
    at.setHours(Number(clock[1]), Number(clock[2]), Number(clock[3] ?? 0), 0);
    // A time that no day has would be another one, of the next.
    return at.getMinutes() === Number(clock[2]) && at.getDate() === now.getDate() ? at : undefined;
  }
  const date = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:\d{2})?)?$/
    .exec(text);
  if (date === null) {
    return undefined;
  }
  const at = new Date(`${date[1]}T${date[2] ?? "00:00"}${date[3] ?? ""}`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}
