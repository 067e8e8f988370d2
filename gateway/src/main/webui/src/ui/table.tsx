import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

export interface Column<T> {
  id: string;
  title: string;
  /** Left out where there is little room. */
  wide?: boolean;
  /** Left out on a phone: another column says it there, in a `Second` line. */
  desk?: boolean;
  numeric?: boolean;
  /** The header is for screen readers alone. */
  quiet?: boolean;
  /** In the header, in place of the title. */
  head?: ComponentChildren;
  sort?: (a: T, b: T) => number;
  cell(row: T): ComponentChildren;
}

export interface TableProps<T> {
  label: string;
  columns: Column<T>[];
  rows: T[];
  keyOf(row: T): string;
  /** Column id, with `-` before it for the other way round. */
  sort?: string;
  onSort?(sort: string): void;
  onOpen?(row: T): void;
  /** Greys the rows out: what they say may no longer be so. */
  stale?: boolean;
  selected?: string | undefined;
  /** A line of its own right below the row, as for what went wrong with it. */
  below?(row: T): ComponentChildren | undefined;
  empty?: ComponentChildren;
  /** Rows of a group stand together below its name. */
  group?: ((row: T) => string) | undefined;
}

const DESKTOP_ROW = 38;
const PHONE_ROW = 60;
const SPARE_ROWS = 8;
const PHONE = "(max-width: 720px)";

/**
 * A table of any length that keeps only the rows in sight in the document, each of the same height. Row and column
 * counts are told to assistive technology.
 */
export function Table<T>(props: TableProps<T>): JSX.Element {
  const { columns } = props;
  const box = useRef<HTMLDivElement>(null);
  const top = useSignal(0);
  const height = useSignal(800);
  const phone = useSignal(matchMedia(PHONE).matches);

  useEffect(() => {
    const media = matchMedia(PHONE);
    const changed = () => phone.value = media.matches;
    media.addEventListener("change", changed);
    return () => media.removeEventListener("change", changed);
  }, []);
  useLayoutEffect(() => {
    const element = box.current!;
    const measured = new ResizeObserver(() => height.value = element.clientHeight);
    measured.observe(element);
    return () => measured.disconnect();
  }, []);

  const rowHeight = phone.value ? PHONE_ROW : DESKTOP_ROW;
  const lines = linesOf(props);
  // Where the rows have become fewer, the browser is about to scroll back to what is left of them.
  const from = Math.min(top.value, Math.max(0, lines.length * rowHeight - height.value));
  const first = Math.max(0, Math.floor(from / rowHeight) - SPARE_ROWS);
  const last = Math.min(lines.length, Math.ceil((from + height.value) / rowHeight) + SPARE_ROWS);
  // An even first row keeps the striping where it was.
  const start = first - (first % 2);

  const open = (row: T) => (event: MouseEvent) => {
    const target = event.target as Element;
    if (target.closest("a,button,input,select,[popover]") === null && getSelection()?.isCollapsed !== false) {
      props.onOpen?.(row);
    }
  };

  return (
    <div
      class="table-box"
      ref={box}
      role="region"
      aria-label={props.label}
      tabIndex={0}
      onScroll={(event) => top.value = event.currentTarget.scrollTop}
    >
      <table class={`table${props.stale ? " stale" : ""}`} aria-rowcount={lines.length + 1}>
        <thead>
          <tr>
            {columns.map((column) => (
              <Header
                key={column.id}
                column={column as Column<unknown>}
                sort={props.sort ?? ""}
                onSort={props.onSort}
              />
            ))}
          </tr>
        </thead>
        {start > 0 && <Spacer height={start * rowHeight} columns={columns.length} />}
        <tbody>
          {lines.slice(start, last).map((line, i) =>
            "more" in line
              ? (
                <tr key={line.key} class={line.kind} aria-rowindex={start + i + 2}>
                  <td colSpan={columns.length}>{line.more}</td>
                </tr>
              )
              : (
                <tr
                  key={line.key}
                  aria-rowindex={start + i + 2}
                  aria-current={props.selected === line.key || undefined}
                  class={props.onOpen ? "opens" : ""}
                  onClick={props.onOpen && open(line.row)}
                >
                  {columns.map((column) => (
                    <td key={column.id} class={classOf(column as Column<unknown>)}>
                      {column.cell(line.row)}
                    </td>
                  ))}
                </tr>
              )
          )}
        </tbody>
        {last < lines.length && (
          <Spacer
            height={(lines.length - last) * rowHeight}
            columns={columns.length}
          />
        )}
      </table>
      {lines.length === 0 && props.empty}
    </div>
  );
}

type Line<T> = { key: string; row: T } | { key: string; row: T; more: ComponentChildren; kind: string };

function linesOf<T>({ rows, columns, sort, group, below, keyOf }: TableProps<T>): Line<T>[] {
  const ordered = inOrder(rows, columns, sort, group);
  const sizes = new Map<string, number>();
  if (group !== undefined) {
    ordered.forEach((row) => sizes.set(group(row), (sizes.get(group(row)) ?? 0) + 1));
  }
  let last: string | undefined;
  return ordered.flatMap((row) => {
    const key = keyOf(row);
    const lines: Line<T>[] = [{ key, row }];
    const more = below?.(row);
    if (more !== undefined) {
      lines.push({ key: `${key} below`, row, more, kind: "below" });
    }
    const name = group?.(row);
    if (name !== undefined && name !== last) {
      last = name;
      const title = (
        <>
          <b>{name}</b> <span class="faint">{sizes.get(name)}</span>
        </>
      );
      lines.unshift({ key: `${name} group`, row, more: title, kind: "group" });
    }
    return lines;
  });
}

/** The rows as a table shows them. */
export function inOrder<T>(
  rows: T[],
  columns: Column<T>[],
  sort = "",
  group?: (row: T) => string,
): T[] {
  const compare = columns.find((column) => column.id === sort.replace(/^-/, ""))?.sort;
  const way = sort.startsWith("-") ? -1 : 1;
  const ordered = compare === undefined ? rows : [...rows].sort((a, b) => way * compare(a, b));
  return group === undefined ? ordered : [...ordered].sort((a, b) => group(a).localeCompare(group(b)));
}

function Header({ column, sort, onSort }: {
  column: Column<unknown>;
  sort: string;
  onSort: ((sort: string) => void) | undefined;
}): JSX.Element {
  const direction = sort === column.id ? "ascending" : sort === `-${column.id}` ? "descending" : "none";
  const sortable = column.sort !== undefined && onSort !== undefined;
  return (
    <th scope="col" class={classOf(column)} aria-sort={sortable ? direction : undefined}>
      {sortable
        ? (
          <button
            type="button"
            onClick={() => onSort(direction === "ascending" ? `-${column.id}` : column.id)}
          >
            {column.title}
            <span class="way" aria-hidden="true">
              {direction === "ascending" ? "↑" : direction === "descending" ? "↓" : ""}
            </span>
          </button>
        )
        : column.head ?? <span class={column.quiet ? "hidden" : ""}>{column.title}</span>}
    </th>
  );
}

function classOf(column: Column<unknown>): string {
  return `c-${column.id}${column.wide ? " wide" : ""}${column.desk ? " desk" : ""}${
    column.numeric ? " numeric" : ""
  }`;
}

function Spacer({ height, columns }: { height: number; columns: number }): JSX.Element {
  return (
    <tbody class="spacer" aria-hidden="true">
      <tr>
        <td colSpan={columns} style={{ height: `${height}px` }} />
      </tr>
    </tbody>
  );
}

/** A second line of a cell, on a phone alone. */
export function Second({ children }: { children: ComponentChildren }): JSX.Element {
  return <span class="second">{children}</span>;
}
