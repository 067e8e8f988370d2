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
  const { columns, keyOf } = props;
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
  const lines = sorted(props).flatMap((row) => {
    const more = props.below?.(row);
    const key = keyOf(row);
    return more === undefined ? [{ key, row }] : [{ key, row }, { key: `${key} below`, row, more }];
  });
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
                <tr key={line.key} class="below" aria-rowindex={start + i + 2}>
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

function sorted<T>({ rows, columns, sort = "" }: TableProps<T>): T[] {
  const compare = columns.find((column) => column.id === sort.replace(/^-/, ""))?.sort;
  if (compare === undefined) {
    return rows;
  }
  const way = sort.startsWith("-") ? -1 : 1;
  return [...rows].sort((a, b) => way * compare(a, b));
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
        : <span class={column.quiet ? "hidden" : ""}>{column.title}</span>}
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
