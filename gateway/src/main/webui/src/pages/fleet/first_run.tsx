import type { JSX } from "preact";
import { Button } from "../../ui/button.tsx";
import { Command } from "../../ui/copy.tsx";
import { Empty } from "../../ui/empty.tsx";
import { creating } from "./forms.tsx";

/** An empty fleet: what to do about it, in commands to be copied. */
export function FirstRun(): JSX.Element {
  const at = location.origin;
  return (
    <Empty title="Your fleet is empty">
      <p>Let the gateway run a program, or connect an agent that runs elsewhere.</p>
      <section>
        <h3>An instance: a program this gateway starts and watches</h3>
        <Command>
          {`java -jar gateway/target/fairlead.jar instances create hello -- sh -c 'while :; do date; sleep 1; done'`}
        </Command>
        <Command>java -jar gateway/target/fairlead.jar instances start hello</Command>
        <p>
          or <Button icon="plus" onClick={() => creating.value = true}>New instance</Button>
        </p>
      </section>
      <section>
        <h3>An agent: it connects by itself, in any language</h3>
        <Command>java -jar gateway/target/fairlead.jar token create agent-1</Command>
        <Command>
          {`java -jar gateway/target/fairlead.jar agent --gateway-url ${
            at.replace(/^http/, "ws")
          } --token TOKEN`}
        </Command>
      </section>
    </Empty>
  );
}
