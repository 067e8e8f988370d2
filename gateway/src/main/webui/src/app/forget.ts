import { options } from "preact";

/** A node as Preact keeps it, by the names its own tools rely on: what it shows, and the component it is of. */
interface Node {
  __k?: unknown;
  __c?: { __v?: Node } | null;
}

/**
 * Has a node that was replaced forget what it showed. A component that renders itself anew gets a new node, and the one
 * before stays in the properties of what holds it (Preact 11.2): with all that it once showed, and from there, by what a
 * component that had nothing to do shares with the one before it, with every generation since.
 */
export function forgetReplaced(): void {
  const hooks = options as unknown as { __b?(node: Node): void; diffed?(node: Node): void };
  const { __b, diffed } = hooks;
  const replaced = new WeakMap<Node, Node>();
  hooks.__b = (node) => {
    const before = node.__c?.__v; // a node has a component before it is looked at only where that renders itself
    if (before !== undefined && before !== node) {
      replaced.set(node, before);
    }
    __b?.(node);
  };
  hooks.diffed = (node) => {
    diffed?.(node);
    const before = replaced.get(node);
    replaced.delete(node); // else each node would keep the one before it, and that the one before
    if (before !== undefined && before.__k !== node.__k) {
      before.__k = null;
    }
  };
}
