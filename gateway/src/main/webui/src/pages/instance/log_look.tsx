import type { JSX } from "preact";
import { remembered } from "../../app/settings.ts";
import { Button } from "../../ui/button.tsx";

export const wrap = remembered<boolean>("logs.wrap", true);
export const pretty = remembered<boolean>("logs.pretty", false);
export const times = remembered<boolean>("logs.times", false);

/** What stands above the oldest line. */
export const BEGINS = {
  log: "The log begins here.",
  kept: "What is kept of the log begins here: older lines were let go as it was rotated.",
} as const;

/** Whether long lines are wrapped, and JSON is laid out. */
export function LogLook(): JSX.Element {
  return (
    <>
      <Button
        kind="ghost"
        icon="wrap"
        label="Wrap long lines"
        pressed={wrap.value}
        onClick={() => wrap.value = !wrap.value}
      />
      <Button
        kind="ghost"
        icon="json"
        label="Lay out JSON lines"
        pressed={pretty.value}
        onClick={() => pretty.value = !pretty.value}
      />
    </>
  );
}

/** Whether it is shown when each line was written. */
export function LogTimes({ title = "When each line was written" }: { title?: string }): JSX.Element {
  return (
    <Button
      kind="ghost"
      icon="clock"
      label="Timestamps"
      title={title}
      pressed={times.value}
      onClick={() => times.value = !times.value}
    />
  );
}
