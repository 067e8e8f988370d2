import { timeOfDay, wholeTime } from "../app/time.ts";
import { Ago } from "./ago.tsx";
import type { Column } from "./table.tsx";

/** When it was, to the millisecond; on a phone another column says it. */
export const TIME: Column<{ at: string }> = {
  id: "time",
  title: "Time",
  desk: true,
  cell: ({ at }) => <time class="mono" dateTime={at} title={wholeTime(at)}>{timeOfDay(at)}</time>,
};

/** How long ago it was. */
export const AGE: Column<{ at: string }> = {
  id: "age",
  title: "Age",
  wide: true,
  cell: ({ at }) => (
    <span class="faint">
      <Ago at={at} short />
    </span>
  ),
};
