import { signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { inUse } from "../stream/live.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Note } from "../ui/note.tsx";
import { get, messageOf, onUnauthorized, post } from "./api.ts";
import type { Session } from "./rest.ts";

/** Whether the gateway wants to know who we are before it goes on. */
const needed = signal(false);
export const session = signal<Session | undefined>(undefined);

/** Once logged in, whatever failed for want of it is asked for again. */
const again = new Set<() => void>();

export async function startSession(): Promise<void> {
  onUnauthorized(() => needed.value = true);
  try {
    session.value = await get<Session>("/api/session");
  } catch {
    // Where it is for want of a login, the dialog is open by now; else the streams say what is wrong.
  }
}

/** Runs `task` after each login; the returned function ends that. */
export function afterLogin(task: () => void): () => void {
  again.add(task);
  return () => again.delete(task);
}

async function logIn(password: string): Promise<void> {
  await post("/api/login", { password });
  session.value = await get<Session>("/api/session");
  needed.value = false;
  inUse.value.forEach((stream) => stream.retryNow());
  again.forEach((task) => task());
}

/** Ends the session here; what is on the page goes with it. */
export async function logOut(): Promise<void> {
  await post("/api/logout");
  location.assign("/");
}

/** Over the page one was on, which goes on afterwards. */
export function LoginDialog(): JSX.Element | null {
  return needed.value ? <Login /> : null;
}

function Login(): JSX.Element {
  const failure = useSignal("");
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const field = form.elements.namedItem("password") as HTMLInputElement;
    failure.value = "";
    try {
      await logIn(field.value);
    } catch (e) {
      failure.value = messageOf(e);
      field.select();
    }
  };
  return (
    <Dialog title={session.value === undefined ? "Log in to Fairlead" : "Your session has ended"}>
      <form onSubmit={submit} class="form">
        <p class="muted">
          {session.value === undefined
            ? "With the admin password. Where none was set, it is in the file the gateway named at its first start."
            : "Log in again to go on where you are."}
        </p>
        <input type="text" name="username" value="operator" autocomplete="username" hidden readOnly />
        <label class="field">
          <span>Admin password</span>
          <input type="password" name="password" autocomplete="current-password" required data-first />
        </label>
        {failure.value !== "" && <Note>{failure.value}</Note>}
        <div class="actions">
          <Button kind="primary" type="submit">Log in</Button>
        </div>
      </form>
    </Dialog>
  );
}
