import { Component, type ComponentChild, type FunctionComponent, h } from "preact";

/** A component that is drawn again only where one of its properties is another. */
export function memo<P extends object>(draw: FunctionComponent<P>): FunctionComponent<P> {
  return class Memo extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      const before = this.props as Record<string, unknown>;
      const after = next as Record<string, unknown>;
      const names = new Set([...Object.keys(before), ...Object.keys(after)]);
      return [...names].some((name) => name !== "children" && before[name] !== after[name]);
    }

    override render(): ComponentChild {
      return h(draw, this.props as P);
    }
  } as unknown as FunctionComponent<P>;
}
