import type { JSX } from "preact";

const WIDTH = 240;
const HEIGHT = 40;

/** Values over time as a line from nothing up; `says` is what is told to who does not see it. */
export function Chart({ points, from, to, says }: {
  points: { at: number; value: number }[];
  from: number;
  to: number;
  says: string;
}): JSX.Element {
  const top = Math.max(1, ...points.map((one) => one.value));
  const line = points.map(({ at, value }) =>
    `${((at - from) / (to - from) * WIDTH).toFixed(1)} ${
      (HEIGHT - 1 - value / top * (HEIGHT - 2)).toFixed(1)
    }`
  );
  return (
    <svg class="chart" role="img" aria-label={says} viewBox={`0 0 ${WIDTH} ${HEIGHT}`}>
      <path class="base" d={`M0 ${HEIGHT - 0.5}H${WIDTH}`} />
      {line.length > 0 && <path d={`M${line.join("L")}`} />}
    </svg>
  );
}
