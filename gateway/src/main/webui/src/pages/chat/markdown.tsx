import { Fragment, type JSX } from "preact";
import { memo } from "./memo.ts";
import { Copy } from "../../ui/copy.tsx";
import { type Block, type Inline, parse } from "./markdown.ts";

/** An answer as elements; every word of it is a text node. */
export const Markdown = memo(function Markdown({ text }: { text: string }): JSX.Element {
  return <div class="md">{parse(text).map(block)}</div>;
});

function block(one: Block, key: number): JSX.Element {
  switch (one.kind) {
    case "paragraph":
      return (
        <p key={key}>
          {one.lines.map((line, i) => (
            <Fragment key={i}>
              {i > 0 && <br />}
              {line.map(inline)}
            </Fragment>
          ))}
        </p>
      );
    case "heading":
      return (
        <p key={key} class="md-heading" role="heading" aria-level={one.level + 2}>{one.text.map(inline)}</p>
      );
    case "code":
      return (
        <div key={key} class="md-code">
          <pre tabIndex={0} role="group" aria-label={one.language || "Code"}><code>{one.text}</code></pre>
          <Copy text={one.text} label="Copy code" />
        </div>
      );
    case "quote":
      return <blockquote key={key}>{one.blocks.map(block)}</blockquote>;
    case "list": {
      const items = one.items.map((item, i) => (
        <li key={i}>
          {item.text.map(inline)}
          {item.inner.map(block)}
        </li>
      ));
      return one.ordered ? <ol key={key} start={one.start}>{items}</ol> : <ul key={key}>{items}</ul>;
    }
  }
}

function inline(one: Inline, key: number): JSX.Element | string {
  switch (one.kind) {
    case "text":
      return one.text;
    case "code":
      return <code key={key}>{one.text}</code>;
    case "strong":
      return <strong key={key}>{one.inner.map(inline)}</strong>;
    case "em":
      return <em key={key}>{one.inner.map(inline)}</em>;
    case "link":
      return one.href.startsWith("/")
        ? <a key={key} href={one.href}>{one.inner.map(inline)}</a>
        : (
          <a key={key} href={one.href} target="_blank" rel="noopener noreferrer nofollow">
            {one.inner.map(inline)}
            {one.host !== undefined && <span class="md-host">{` (${one.host})`}</span>}
          </a>
        );
  }
}
