import { signal } from "@preact/signals";
import { del, messageOf, path, post } from "../../app/api.ts";
import { learn, type Member } from "../../app/fleet.ts";
import { go, place } from "../../app/router.ts";
import type { InstanceDetails } from "../../app/rest.ts";
import { confirm } from "../../ui/dialog.tsx";
import { toast } from "../../ui/toast.tsx";

/** What can be done with a member of the fleet as it is now. */
export interface Action {
  id: string;
  label: string;
  danger?: boolean;
  run(): void;
}

/** What is being done, by name: the word for it. */
export const pending = signal<ReadonlyMap<string, string>>(new Map());
/** What went wrong, by name, until it is dismissed or tried again. */
export const failures = signal<ReadonlyMap<string, string>>(new Map());
/** The name of the instance that is about to be cloned. */
export const cloning = signal<string | undefined>(undefined);

export function dismissFailure(name: string): void {
  failures.value = without(failures.value, name);
}

/** Says what went wrong with several, each in its own row. */
export function fail(refused: ReadonlyMap<string, string>): void {
  failures.value = new Map([...failures.value, ...refused]);
}

function without<V>(map: ReadonlyMap<string, V>, key: string): Map<string, V> {
  const rest = new Map(map);
  rest.delete(key);
  return rest;
}

async function perform(name: string, doing: string, run: () => Promise<unknown>): Promise<void> {
  dismissFailure(name);
  pending.value = new Map(pending.value).set(name, doing);
  try {
    await run();
  } catch (e) {
    failures.value = new Map(failures.value).set(name, messageOf(e));
    if (!isShown(name)) {
      toast(`${name}: ${messageOf(e)}`, "bad");
    }
  } finally {
    pending.value = without(pending.value, name);
  }
}

/** Whether the page one is on has a place for the failures of that name. */
function isShown(name: string): boolean {
  const at = place.value.path;
  return at === "/" || at === "/fleet" || at.startsWith(`/instances/${name}`);
}

function lifecycle(name: string, verb: string): () => Promise<unknown> {
  return () => learn(post<InstanceDetails>(path("instances", name, verb)));
}

/** In the order one wants them. */
export function actionsFor({ name, instance, agent }: Member): Action[] {
  const actions: Action[] = [];
  if (instance !== undefined) {
    actions.push(...instanceActions(name, instance.status, instance.archived_at != null));
  }
  if (agent !== undefined) {
    actions.push({
      id: "revoke",
      label: "Revoke",
      danger: true,
      run: () =>
        confirm({
          title: `Revoke ${name}?`,
          body:
            "Its token is worth nothing from then on and its connection is closed. To come back, it has to be registered anew.",
          action: "Revoke agent",
          typed: name,
          run: () => del(path("agents", name)),
        }),
    });
  }
  return actions;
}

function instanceActions(name: string, status: string, archived: boolean): Action[] {
  const start: Action = {
    id: "start",
    label: "Start",
    run: () => void perform(name, "Starting", lifecycle(name, "start")),
  };
  const stop: Action = {
    id: "stop",
    label: "Stop",
    run: () =>
      confirm({
        title: `Stop ${name}?`,
        body: "Its process is asked to end, and ended after a while if it does not.",
        action: "Stop",
        run: lifecycle(name, "stop"),
      }),
  };
  const restart: Action = {
    id: "restart",
    label: "Restart",
    run: () =>
      confirm({
        title: `Restart ${name}?`,
        body: "Its process is ended and a new one started.",
        action: "Restart",
        danger: false,
        run: lifecycle(name, "restart"),
      }),
  };
  const clone: Action = { id: "clone", label: "Clone…", run: () => cloning.value = name };
  if (archived) {
    return [
      {
        id: "unarchive",
        label: "Unarchive",
        run: () => void perform(name, "Unarchiving", lifecycle(name, "unarchive")),
      },
      clone,
      {
        id: "delete",
        label: "Delete…",
        danger: true,
        run: () =>
          confirm({
            title: `Delete ${name} for good?`,
            body: "Its settings and its logs are removed. This cannot be undone.",
            action: "Delete for good",
            typed: name,
            run: async () => {
              await del(path("instances", name));
              if (place.value.path.startsWith(`/instances/${name}`)) {
                go("/");
              }
            },
          }),
      },
    ];
  }
  const archive: Action = {
    id: "archive",
    label: "Archive…",
    danger: true,
    run: () =>
      confirm({
        title: `Archive ${name}?`,
        body:
          "It is taken out of the fleet and can no longer be started. Its settings and logs stay; it can be unarchived.",
        action: "Archive",
        run: lifecycle(name, "archive"),
      }),
  };
  switch (status) {
    case "stopped":
    case "failed":
      return [start, clone, archive];
    case "unknown": // its node is away, and nobody else can do anything to it
      return [];
    case "starting":
    case "stopping":
      return [stop, clone];
    default:
      return [stop, restart, clone];
  }
}
