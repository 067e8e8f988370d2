import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Icon } from "./icons.tsx";

/** Puts text on the clipboard, also where the page was not loaded securely and the browser has no such call. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.setAttribute("readonly", "");
    area.className = "offscreen";
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    return copied;
  }
}

/** A small button that copies `text` and says that it did. */
export function Copy({ text, label = "Copy" }: { text: string; label?: string }): JSX.Element {
  const copied = useSignal(false);
  const copy = async () => {
    copied.value = await copyText(text);
    setTimeout(() => copied.value = false, 1600);
  };
  return (
    <button type="button" class="copy" aria-label={copied.value ? "Copied" : label} onClick={copy}>
      <Icon name={copied.value ? "check" : "copy"} size={14} />
    </button>
  );
}

/** A command to be typed in a shell, as it is, with a button to copy it. */
export function Command({ children }: { children: string }): JSX.Element {
  return (
    <div class="command">
      <code>{children}</code>
      <Copy text={children} label={`Copy: ${children}`} />
    </div>
  );
}
