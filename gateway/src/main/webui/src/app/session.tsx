import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { inUse } from "../stream/live.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Form } from "../ui/form.tsx";
import { Note } from "../ui/note.tsx";
import { ApiError, get, messageOf, onUnauthorized, post } from "./api.ts";
import { withBase } from "./base.ts";
import type { Granted, Session } from "./rest.ts";
import { emptyPage, followOtherTabs, forgetSession, keepKey, wasEmptied } from "./session_key.ts";

const RETRY_MILLIS = 2_000;

/** Whether the gateway wants to know who we are before it goes on. */
const needed = signal(false);

/** Why the gateway has nothing to do with a page at this address; missing where it has. */
const refused = signal<string | undefined>(undefined);

/** Who we are to the gateway; missing until it is known, and kept while a new login is needed. */
export const session = signal<Session | undefined>(undefined);

/** Once logged in, whatever failed for want of it is asked for again. */
const again = new Set<() => void>();

/** Whether it was a session that ended, and not the first visit. */
const ended = signal(false);

/** Why the link one came by was of no use. */
const refusal = signal("");

export function startSession(): Promise<void> {
  ended.value = wasEmptied();
  onUnauthorized(askAgain);
  followOtherTabs(() => session.value?.proof === "session");
  // A link given to a tab that shows this page already loads nothing: its key is all that changes.
  addEventListener("hashchange", () => void logInByLink());
  return useLink().then(begin);
}

/** What a session that is over has brought is not left for others to see; one that ran its time keeps its drafts. */
function askAgain(): void {
  const over = session.value;
  if (over?.proof !== "session") {
    needed.value = true;
    return;
  }
  session.value = undefined;
  forgetSession(over.expires_at !== null && Date.parse(over.expires_at) > Date.now());
  emptyPage(true);
}

/** Of a link that logs a browser in once: taken off the address first, so that no history and no picture has it. */
function takeLinkKey(): string | undefined {
  const key = /^#key=([A-Za-z0-9_-]{1,128})$/.exec(location.hash)?.[1];
  if (key !== undefined) {
    history.replaceState(history.state, "", location.pathname + location.search);
  }
  return key;
}

/** Whether there was a key that logged us in. */
async function useLink(): Promise<boolean> {
  const key = takeLinkKey();
  if (key === undefined) {
    return false;
  }
  try {
    keepKey((await post<Granted>("/api/login", { key })).session_key);
    return true;
  } catch (e) {
    refusal.value = messageOf(e);
    return false;
  }
}

async function logInByLink(): Promise<void> {
  if (await useLink()) {
    await loggedIn();
  }
}

async function begin(): Promise<void> {
  try {
    learn(await get<Session>("/api/session"));
    refused.value = undefined;
  } catch (failure) {
    refused.value = failure instanceof ApiError && failure.status === 403 ? failure.message : undefined;
    setTimeout(() => void begin(), RETRY_MILLIS);
  }
}

function learn(found: Session): void {
  if (found.proof === "none") {
    needed.value = true;
  } else {
    session.value = found;
    needed.value = false;
  }
}

/** Runs `task` after each login; the returned function ends that. */
export function afterLogin(task: () => void): () => void {
  again.add(task);
  return () => again.delete(task);
}

async function logIn(password: string): Promise<void> {
  keepKey((await post<Granted>("/api/login", { password })).session_key);
  await loggedIn();
}

async function loggedIn(): Promise<void> {
  refusal.value = "";
  learn(await get<Session>("/api/session"));
  inUse.value.forEach((stream) => stream.retryNow());
  again.forEach((task) => task());
}

/** Ends the session here and in every other tab; what is on the page and what was typed goes with it. */
export async function logOut(): Promise<void> {
  session.value = undefined;
  try {
    await post("/api/logout");
  } finally {
    forgetSession(true);
    emptyPage(false, withBase("/"));
  }
}

/** Over the page one was on, which goes on afterwards. */
export function LoginDialog(): JSX.Element | null {
  if (refused.value !== undefined) {
    return (
      <Dialog title="The gateway refuses this page">
        <p>{refused.value}</p>
      </Dialog>
    );
  }
  if (!needed.value) {
    return null;
  }
  const first = session.value === undefined && !ended.value;
  // Who is let in for being this machine's user is asked for it by the little that needs more than that.
  const more = session.value?.proof === "loopback";
  return (
    <Dialog
      title={more ? "The admin password is needed" : first ? "Log in to Fairlead" : "Your session has ended"}
      onClose={more ? () => needed.value = false : undefined}
    >
      <p class="muted">
        {more
          ? "For what hands out or takes away access. The file that holds it was named at the gateway's first start."
          : first
          ? "With the admin password. Where none was set, it is in the file the gateway named at its first start."
          : "Log in again to go on where you are."}
      </p>
      {refusal.value !== "" && <Note>{refusal.value}</Note>}
      <Form action="Log in" onSubmit={(form) => logIn(String(form.get("password")))}>
        <input type="text" name="username" value="operator" autocomplete="username" hidden readOnly />
        <Field label="Admin password">
          <input type="password" name="password" autocomplete="current-password" required data-first />
        </Field>
      </Form>
    </Dialog>
  );
}
