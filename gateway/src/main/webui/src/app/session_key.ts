const KEY = "fairlead.session-key";
const ENDED = "fairlead.session-ended";
const DRAFTS = "fairlead.draft.";

/** This page's half of the session; empty where there is none. The other half is a cookie no script can read. */
export function sessionKey(): string {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return memory;
  }
}

/** Of a browser that keeps nothing: the session lasts as long as the page. */
let memory = "";

export function keepKey(key: string): void {
  memory = key;
  try {
    localStorage.setItem(KEY, key);
  } catch {
    // It is in memory.
  }
}

/** Forgets the key and, unless one comes back to where one was, what was typed and not sent. */
export function forgetSession(drafts: boolean): void {
  memory = "";
  try {
    localStorage.removeItem(KEY);
    for (const name of Object.keys(localStorage)) {
      if (drafts && name.startsWith(DRAFTS)) {
        localStorage.removeItem(name);
      }
    }
  } catch {
    // Nothing was kept.
  }
}

/** Takes everything off the page, and its memory with it; `ended` is told once it is there again. */
export function emptyPage(ended: boolean, address?: string): void {
  try {
    if (ended) {
      sessionStorage.setItem(ENDED, "1");
    }
  } catch {
    // It then asks as if for the first time.
  }
  document.body.replaceChildren();
  if (address === undefined) {
    location.reload();
  } else {
    location.replace(address);
  }
}

/** Whether this tab was emptied because its session ended; true once. */
export function wasEmptied(): boolean {
  try {
    const ended = sessionStorage.getItem(ENDED) !== null;
    sessionStorage.removeItem(ENDED);
    return ended;
  } catch {
    return false;
  }
}

/** Follows what other tabs do with the session: one that logs out logs all of them out. */
export function followOtherTabs(admitted: () => boolean): void {
  addEventListener("storage", (event) => {
    if ((event.key === KEY || event.key === null) && sessionKey() === "" && admitted()) {
      emptyPage(false);
    }
  });
  let mine = "";
  addEventListener("pagehide", () => mine = sessionKey());
  // A page that the browser kept whole and shows again, by its Back button, may be of a session that is over.
  addEventListener("pageshow", (event) => {
    if (event.persisted && sessionKey() !== mine) {
      emptyPage(false);
    }
  });
}
