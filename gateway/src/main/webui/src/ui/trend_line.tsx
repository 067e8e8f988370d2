import type { ComponentChildren, JSX } from "preact";

const WIDTH = 48;
const HEIGHT = 18;

/** Values of the last ten minutes as a small line from nothing up to `full` or their most, beside what they are now. */
export function TrendLine({ values, full, says, children }: {
  values: readonly number[];
  full: number;
  /** What is told to who does not see it. */
  says: string;
  children: ComponentChildren;
}): JSX.Element {
  const top = Math.max(full, ...values);
  const step = WIDTH / Math.max(1, values.length - 1);
  const points = values.map((value, i) =>
    `${(i * step).toFixed(1)} ${(HEIGHT - 1 - value / top * (HEIGHT - 2)).toFixed(1)}`
  );
  return (
    <span class="trend">
      <svg width={WIDTH} height={HEIGHT} role="img" aria-label={says}>
        <path d={`M${points.join("L")}`} />
      </svg>
      {children}
    </span>
  );
}
