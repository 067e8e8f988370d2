import type { LogLine } from "../instance/log_buffer.ts";

/**
 * The lines of several logs in the order in which they were written. A line whose time nobody knows stands right behind the
 * one before it in its log.
 */
export function merged(logs: LogLine[][]): LogLine[] {
  return logs
    .flatMap((lines) => {
      let last = 0;
      return lines.map((line) => ({ line, at: last = line.at ?? last }));
    })
    .sort((a, b) => a.at - b.at)
    .map(({ line }) => line);
}
