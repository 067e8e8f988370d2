import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Button } from "../../ui/button.tsx";
import { copyText } from "../../ui/copy.tsx";
import { times, wrap } from "./log_look.tsx";
import type { LogView } from "./log_view.ts";

/** Takes the lines that are shown along. */
export function CopyShown({ view }: { view: LogView }): JSX.Element {
  const copied = useSignal(false);
  const copy = async () => {
    copied.value = await copyText(view.text());
    setTimeout(() => copied.value = false, 1600);
  };
  return (
    <Button
      kind="ghost"
      icon={copied.value ? "check" : "copy"}
      label="Copy shown lines"
      onClick={() => void copy()}
    />
  );
}

/** Empties what is shown, and stops following or goes on with it. */
export function ClearAndPause({ view, paused }: { view: LogView; paused: boolean }): JSX.Element {
  return (
    <>
      <Button
        kind="ghost"
        icon="clear"
        label="Clear"
        title="Clear what is shown"
        onClick={() => view.clear()}
      />
      <Button
        kind="ghost"
        icon={paused ? "play" : "pause"}
        label={paused ? "Follow" : "Pause"}
        pressed={paused}
        onClick={() => paused ? view.jumpToLive() : view.pause()}
      />
    </>
  );
}

/** The classes of what lines stand in, by how they are to look. */
export function boxClass(paused: boolean): string {
  return `log-box${wrap.value ? " wrapped" : ""}${times.value ? " timed" : ""}${paused ? " paused" : ""}`;
}
