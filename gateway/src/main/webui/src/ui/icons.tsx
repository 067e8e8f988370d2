import type { JSX } from "preact";

/** Line icons on a 16-unit grid, in the colour of the text around them. */
const PATHS = {
  fleet: "M2.5 3.5h11M2.5 8h11M2.5 12.5h11",
  logs: "M3 2.5h10v11H3zM5.500 5.500h5M5.500 8h5M5.500 10.500h3",
  messages: "M2.5 3.5h11v7h-6l-3 2.5V10.5h-2z",
  chat:
    "M8 2.5c3.3 0 5.5 2 5.5 4.8S11.300 12 8 12c-.7 0-1.400-.1-2-.3L3 13l.6-2.500C2.900 9.700 2.500 8.600 2.500 7.300 2.500 4.500 4.700 2.500 8 2.500z",
  market: "M2.500 12.500l3.500-4 2.500 2 5-6M10 4.500h3.500V8",
  events:
    "M8 2.500v3M8 10.500v3M2.500 8h3M10.500 8h3M6.200 8a1.800 1.800 0 1 0 3.600 0a1.800 1.800 0 1 0-3.600 0",
  search: "M7 2.500a4.500 4.500 0 1 0 0 9a4.500 4.500 0 1 0 0-9M10.300 10.300l3.200 3.200",
  sun:
    "M8 5.200a2.800 2.800 0 1 0 0 5.600a2.800 2.800 0 1 0 0-5.600M8 1.500v1.200M8 13.300v1.200M1.500 8h1.200M13.300 8h1.200M3.400 3.400l.9.9M11.700 11.700l.9.9M3.400 12.600l.9-.9M11.700 4.300l.9-.9",
  moon: "M13 9.600A5.500 5.500 0 0 1 6.400 3a5.500 5.500 0 1 0 6.600 6.600z",
  play: "M5 3.500v9l7-4.500z",
  stop: "M4.500 4.500h7v7h-7z",
  restart: "M12.500 8A4.500 4.500 0 1 1 11 4.700M11.200 2.500v2.500H8.700",
  more: "M3.500 8h.01M8 8h.01M12.500 8h.01",
  plus: "M8 3.500v9M3.500 8h9",
  close: "M4 4l8 8M12 4l-8 8",
  copy: "M5.500 5.500h7v7h-7zM3.500 10.500v-7h7",
  check: "M3.500 8.500l3 3 6-7",
  keyboard: "M2 4.500h12v7.500H2zM4.500 7h.01M7 7h.01M9.500 7h.01M11.800 7h.01M5.500 9.700h5",
  down: "M4 6.500l4 4 4-4",
  up: "M4 9.500l4-4 4 4",
  pause: "M5.500 4v8M10.500 4v8",
  right: "M6 4l4 4-4 4",
  left: "M10 4L6 8l4 4",
  arrow: "M3 8h10M9.500 4.500L13 8l-3.500 3.500",
  download: "M8 2.500v7.500M4.800 7L8 10.200 11.200 7M3 13h10",
  wrap: "M2.500 4h11M2.500 8h9a2 2 0 0 1 0 4H9M10.300 10.500L8.800 12l1.500 1.500M2.500 12h3.500",
  json:
    "M6 2.500H5.500a1.500 1.500 0 0 0-1.500 1.500v2.500L2.500 8 4 9.500V12a1.500 1.500 0 0 0 1.500 1.500H6M10 2.500h.5A1.500 1.500 0 0 1 12 4v2.500L13.500 8 12 9.500V12a1.500 1.500 0 0 1-1.500 1.500H10",
  clock: "M8 2.500a5.500 5.500 0 1 0 0 11a5.500 5.500 0 1 0 0-11M8 5v3.200l2.200 1.300",
  clear: "M3.500 4.500h9M6.500 4.500v-2h3v2M5 4.500l.6 9h4.800l.6-9",
  filter: "M2.500 3.500h11L9.500 8.500v4l-3 1v-5z",
  out: "M6.500 3h-3.500v10h3.500M6.500 8h7M10.800 5.200L13.500 8l-2.700 2.800",
  alert: "M8 2.500l6 10.500H2zM8 6.500v3M8 11.200h.01",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }): JSX.Element {
  return (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      stroke-width={name === "more" ? 2.2 : 1.4}
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
