import type { ComponentChildren, JSX } from "preact";

/** Facts in two columns. */
export function Facts({ title, children }: { title: string; children: ComponentChildren }): JSX.Element {
  return (
    <section class="facts">
      <h2>{title}</h2>
      <dl>{children}</dl>
    </section>
  );
}

/** One of them; left out where there is nothing to say. */
export function Fact({ name, children }: { name: string; children?: ComponentChildren }): JSX.Element | null {
  return children === null || children === undefined || children === "" ? null : (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
