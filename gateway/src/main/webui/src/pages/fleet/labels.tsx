import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Member } from "../../app/fleet.ts";
import { go, param, place, setParams } from "../../app/router.ts";
import { remembered } from "../../app/settings.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { FieldError } from "../../ui/field_error.ts";
import { Field, Form } from "../../ui/form.tsx";
import { Menu } from "../../ui/menu.tsx";
import type { Labels } from "./selector.ts";

const selector = param("l");

/** Labels; each shows the instances that have it, or, where it does, all again. */
export function Chips({ labels }: { labels: Labels }): JSX.Element {
  const all = Object.entries(labels);
  if (all.length === 0) {
    return <span class="faint">–</span>;
  }
  return (
    <span class="chips">
      {all.map(([key, value]) => {
        const label = `${key}=${value}`;
        return (
          <button
            key={key}
            type="button"
            class="chip"
            aria-pressed={selector.value === label}
            title={selector.value === label ? "Show all" : `Show those with ${label}`}
            onClick={() => setParams({ l: selector.value === label ? "" : label })}
          >
            {label}
          </button>
        );
      })}
    </span>
  );
}

/** What the page is filtered and grouped by, and the views that were kept. */
export function LabelTools({ all, selector, group, known }: {
  all: Member[];
  selector: string;
  group: string;
  /** Whether the selector is one. */
  known: boolean;
}): JSX.Element | null {
  const keys = [...new Set(all.flatMap((one) => Object.keys(one.instance?.labels ?? {})))].sort();
  const naming = useSignal(false);
  const labelled = keys.length > 0 || selector !== "" || group !== "";
  return (
    <>
      {labelled && (
        <>
          <input
            class="selector mono"
            aria-label="Labels"
            aria-invalid={!known}
            placeholder="team=a, !web"
            value={selector}
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => setParams({ l: event.currentTarget.value })}
          />
          <select
            aria-label="Group by"
            value={group}
            onChange={(event) => setParams({ group: event.currentTarget.value })}
          >
            <option value="">no groups</option>
            {[...new Set([...keys, ...(group === "" ? [] : [group])])].map((key) => (
              <option key={key} value={key}>by {key}</option>
            ))}
          </select>
        </>
      )}
      <Menu
        label="Views"
        items={[
          ...kept().map(({ name, query }) => ({ label: name, run: () => go(`/${query}`) })),
          { label: "Keep this view…", run: () => naming.value = true },
          ...kept().map(({ name }) => ({
            label: `Forget ${name}`,
            danger: true,
            run: () => keep(kept().filter((one) => one.name !== name)),
          })),
        ]}
      />
      {naming.value && <KeepView onClose={() => naming.value = false} />}
    </>
  );
}

/** A view is its address; its name is known to this browser alone. */
interface View {
  name: string;
  query: string;
}

const MOST_VIEWS = 20;
const views = remembered<string>("fleet.views", "[]");

function kept(): View[] {
  return JSON.parse(views.value) as View[];
}

function keep(all: View[]): void {
  views.value = JSON.stringify(all.slice(-MOST_VIEWS));
}

function KeepView({ onClose }: { onClose(): void }): JSX.Element {
  const save = (form: FormData) => {
    const name = String(form.get("name")).trim();
    const query = place.value.query.toString();
    keep([...kept().filter((one) => one.name !== name), { name, query: query === "" ? "" : `?${query}` }]);
    onClose();
    return Promise.resolve();
  };
  return (
    <Dialog title="Keep this view" onClose={onClose}>
      <Form onSubmit={save} action="Keep" onCancel={onClose}>
        <Field label="Name" hint="Its filters are in the address: a link shows it to anybody">
          <input name="name" required maxLength={40} autocomplete="off" data-first />
        </Field>
      </Form>
    </Dialog>
  );
}

/**
 * Reads `team=a, tier=web`.
 *
 * @throws FieldError that names the label at fault
 */
export function splitLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const one of text.split(/[\s,]+/).filter((part) => part !== "")) {
    const at = one.indexOf("=");
    if (at === 0) {
      throw new FieldError("labels", `'${one}' is no key=value`);
    }
    labels[at < 0 ? one : one.slice(0, at)] = at < 0 ? "" : one.slice(at + 1);
  }
  return labels;
}

export function LabelsField({ labels, first = false }: { labels: Labels; first?: boolean }): JSX.Element {
  return (
    <Field label="Labels" hint="Such as team=a, tier=web: 16 at most">
      <input
        name="labels"
        class="mono"
        spellcheck={false}
        autocomplete="off"
        data-first={first || undefined}
        defaultValue={Object.entries(labels).map(([key, value]) => `${key}=${value}`).join(", ")}
      />
    </Field>
  );
}
