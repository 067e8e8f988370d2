import type { JSX } from "preact";
import { remembered } from "../../app/settings.ts";
import { Button } from "../../ui/button.tsx";

export const wrap = remembered<boolean>("logs.wrap", true);
export const times = remembered<boolean>("logs.times", false);

/** What stands above the oldest line. */
export const BEGINS = {
  log: "The log begins here.",
  kept: "What is kept of the log begins here: older lines were let go as it was rotated.",
} as const;

/** Whether long lines are wrapped. */
export function LogLook(): JSX.Element {
  return (
    <Button
      kind="ghost"
      icon="wrap"
      label="Wrap long lines"
      pressed={wrap.value}
      onClick={() => wrap.value = !wrap.value}
    />
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
