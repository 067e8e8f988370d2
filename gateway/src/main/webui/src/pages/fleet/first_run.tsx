import type { JSX } from "preact";
import { Button } from "../../ui/button.tsx";
import { Command } from "../../ui/copy.tsx";
import { Empty } from "../../ui/empty.tsx";
import { shell, withToken } from "../../ui/shell.ts";
import { creating } from "./forms.tsx";

/** An empty fleet: what to do about it, in commands to be copied. */
export function FirstRun(): JSX.Element {
  return (
    <Empty title="Your fleet is empty">
      <p>Let the gateway run a program, or connect an agent that runs elsewhere.</p>
      <section>
        <h3>An instance: a program this gateway starts and watches</h3>
        <Command>{shell("instances create hello -- sh -c 'while :; do date; sleep 1; done'")}</Command>
        <Command>{shell("instances start hello")}</Command>
        <p class="or">
          or do it here: <Button icon="plus" onClick={() => creating.value = true}>Create an instance</Button>
        </p>
      </section>
      <section>
        <h3>An agent: a program that connects by itself, from anywhere and in any language</h3>
        <Command>{withToken("agent-1", "agent")}</Command>
      </section>
    </Empty>
  );
}
