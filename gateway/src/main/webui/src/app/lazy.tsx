import { signal } from "@preact/signals";
import type { ComponentType, JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Note } from "../ui/note.tsx";

type PageComponent = ComponentType<{ params: Record<string, string> }>;

/** A page whose script is fetched when one first goes there: what opens the dashboard stays small. */
export function lazy(fetch: () => Promise<PageComponent>): PageComponent {
  const fetched = signal<PageComponent | undefined>(undefined);
  const failed = signal(false);
  return function Lazy({ params }): JSX.Element {
    useEffect(() => {
      if (fetched.peek() === undefined) {
        fetch().then((page) => fetched.value = page).catch(() => failed.value = true);
      }
    }, []);
    const Fetched = fetched.value;
    return Fetched !== undefined ? <Fetched params={params} /> : failed.value
      ? (
        <div class="empty">
          <Note>This page could not be fetched from the gateway: it is away, or another version by now.</Note>
          <button type="button" class="text-button" onClick={() => location.reload()}>Reload</button>
        </div>
      )
      : <p class="nothing">Loading…</p>;
  };
}
