import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { patch, path } from "../../app/api.ts";
import { learn } from "../../app/fleet.ts";
import type { InstanceDetails } from "../../app/rest.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Form } from "../../ui/form.tsx";
import { LabelsField, splitLabels } from "../fleet/labels.tsx";
import type { Labels } from "../fleet/selector.ts";
import { Fact } from "./facts.tsx";

/** The labels of an instance; they change whatever it does. */
export function LabelsFact({ name, labels }: { name: string; labels: Labels }): JSX.Element {
  const editing = useSignal(false);
  const close = () => editing.value = false;
  const save = async (form: FormData) => {
    await learn(patch<InstanceDetails>(path("instances", name), {
      labels: splitLabels(String(form.get("labels") ?? "")),
    }));
    close();
  };
  const words = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return (
    <Fact name="Labels">
      {words.length === 0 ? "none" : words.map((label, i) => (
        <>
          {i > 0 && ", "}
          <a key={label} href={`/?l=${encodeURIComponent(label)}`}>{label}</a>
        </>
      ))} <Button kind="ghost" onClick={() => editing.value = true}>Change labels…</Button>
      {editing.value && (
        <Dialog title={`Labels of ${name}`} onClose={close}>
          <Form onSubmit={save} action="Save" onCancel={close}>
            <LabelsField labels={labels} first />
          </Form>
        </Dialog>
      )}
    </Fact>
  );
}
