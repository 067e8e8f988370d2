const PREFIX = "fairlead.draft.";

/** Of a chat that does not exist yet. */
export const NEW = "new";

/** What was typed and not sent, by session; kept by the browser, so that a reload loses nothing. */
export function draftOf(session: string): string {
  try {
    return localStorage.getItem(PREFIX + session) ?? "";
  } catch {
    return "";
  }
}

export function keepDraft(session: string, text: string): void {
  try {
    if (text === "") {
      localStorage.removeItem(PREFIX + session);
    } else {
      localStorage.setItem(PREFIX + session, text);
    }
  } catch {
    // A browser that keeps nothing: the draft lasts as long as the page.
  }
}
