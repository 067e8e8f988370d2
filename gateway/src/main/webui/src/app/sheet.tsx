import type { JSX } from "preact";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { sheetOpen } from "./keys.ts";
import { PAGES } from "./pages.ts";

/** All shortcuts there are. */
export function Sheet(): JSX.Element | null {
  if (!sheetOpen.value) {
    return null;
  }
  const close = () => sheetOpen.value = false;
  const keys: [string[], string][] = [
    [["Ctrl", "K"], "Go anywhere, do anything"],
    [["/"], "Search on this page"],
    ...PAGES.flatMap((page): [string[], string][] => page.nav ? [[["g", page.nav.key], page.title]] : []),
    [["Esc"], "Close, or leave a field"],
    [["?"], "This sheet"],
  ];
  return (
    <Dialog title="Keyboard" onClose={close}>
      <dl class="keys">
        {keys.map(([combination, what]) => (
          <div key={what}>
            <dt>{combination.map((key) => <kbd key={key}>{key}</kbd>)}</dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <div class="actions">
        <Button first onClick={close}>Close</Button>
      </div>
    </Dialog>
  );
}
