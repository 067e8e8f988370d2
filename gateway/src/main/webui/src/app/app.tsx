import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Button } from "../ui/button.tsx";
import { Confirmation } from "../ui/dialog.tsx";
import { Empty } from "../ui/empty.tsx";
import { Icon } from "../ui/icons.tsx";
import { Toasts } from "../ui/toast.tsx";
import { FleetForms } from "../pages/fleet/forms.tsx";
import { followApprovals } from "./approvals.ts";
import { firing, followAttention } from "./attention.ts";
import { agentsStream, instancesStream, tokenStream } from "./fleet.ts";
import { HealthBadge } from "./health.tsx";
import { paletteOpen, sheetOpen } from "./keys.ts";
import { LinkStatus, stale, TokenStatus } from "./link.tsx";
import { type Page, PAGES } from "./pages.ts";
import { Palette } from "./palette.tsx";
import { match, place } from "./router.ts";
import { LoginDialog, logOut, session } from "./session.tsx";
import { nextTheme } from "./settings.ts";
import { Sheet } from "./sheet.tsx";

/** The page around the pages. */
export function App(): JSX.Element {
  const admitted = session.value !== undefined;
  useEffect(() => {
    if (!admitted) {
      return;
    }
    const ends = [
      instancesStream.use(),
      agentsStream.use(),
      tokenStream.use(),
      followApprovals(),
      followAttention(),
    ];
    return () => ends.forEach((end) => end());
  }, [admitted]);
  const { page, params } = shown(place.value.path);
  const title = params["name"] ?? page?.title ?? "Not found";
  const calls = firing.value.length;
  useEffect(() => {
    document.title = `${calls > 0 ? `(${calls}) ` : ""}${title} · Fairlead`;
  }, [title, calls]);
  return (
    <>
      <a class="skip" href="#main">Skip to content</a>
      <Navigation current={page} />
      <header class="top">
        <a class="brand phone-only" href="/" aria-label="Fairlead, fleet">
          <Mark />
        </a>
        <LinkStatus />
        <div class="top-end">
          <TokenStatus />
          <button
            type="button"
            class="jump"
            onClick={() => paletteOpen.value = true}
            aria-label="Command palette"
          >
            <Icon name="search" size={14} />
            <span>Go to…</span>
            <kbd>Ctrl K</kbd>
          </button>
          <Button kind="ghost" icon="sun" label="Switch between dark and light" onClick={nextTheme} />
          {session.value?.proof === "session" && (
            <Button
              kind="ghost"
              icon="out"
              label="Log out"
              onClick={() => void logOut()}
            />
          )}
        </div>
      </header>
      <main id="main" tabIndex={-1} class={stale.value ? "is-stale" : ""}>
        {!admitted ? null : page === undefined
          ? (
            <>
              <h1 class="hidden">Not found</h1>
              <Empty title="There is no such page">
                <p>
                  <a href="/">Back to the fleet</a>
                </p>
              </Empty>
            </>
          )
          : <page.component key={page.title} params={params} />}
      </main>
      <Palette />
      <Sheet />
      <FleetForms />
      <Confirmation />
      <Toasts />
      <LoginDialog />
    </>
  );
}

function shown(path: string): { page: Page | undefined; params: Record<string, string> } {
  for (const page of PAGES) {
    for (const pattern of page.patterns) {
      const params = match(pattern, path);
      if (params !== undefined) {
        return { page, params };
      }
    }
  }
  return { page: undefined, params: {} };
}

function Navigation({ current }: { current: Page | undefined }): JSX.Element {
  return (
    <nav class="side" aria-label="Pages">
      <a class="brand" href="/">
        <Mark /> Fairlead
      </a>
      <ul>
        {PAGES.map((page) =>
          page.nav && (
            <li key={page.title}>
              <a
                href={page.patterns[0]}
                aria-current={page === current || page.title === current?.below ? "page" : undefined}
              >
                <Icon name={page.nav.icon} />
                <span>{page.title}</span>
                {page.waiting !== undefined && page.waiting.value > 0 && (
                  <b class={page.waitingTo === undefined ? "count" : "count bad"}>
                    {page.waiting.value}
                    <span class="hidden">{page.waitingTo ?? "waiting"}</span>
                  </b>
                )}
              </a>
            </li>
          )
        )}
      </ul>
      <HealthBadge />
      <button type="button" class="sheet-button" onClick={() => sheetOpen.value = true}>
        Shortcuts <kbd>?</kbd>
      </button>
    </nav>
  );
}

function Mark(): JSX.Element {
  return (
    <svg class="mark" width="20" height="20" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" />
      <g>
        <circle cx="16" cy="16" r="6" />
        <path d="M4 16h6M22 16h6M16 4v6M16 22v6" />
      </g>
    </svg>
  );
}
