import type { JSX } from "preact";

const WIDTH = 72;
const HEIGHT = 18;

/** Counts over time as bars; `label` says what they count for whoever does not see them. */
export function Spark({ counts, label, tone = "accent" }: {
  counts: number[];
  label: string;
  tone?: "accent" | "bad";
}): JSX.Element {
  const total = counts.reduce((a, b) => a + b, 0);
  const says = `${total} ${label} in the last 10 minutes`;
  if (total === 0) {
    return <span class="faint" role="img" aria-label={says}>–</span>;
  }
  const top = Math.max(3, ...counts);
  const step = WIDTH / Math.max(1, counts.length);
  return (
    <span class="spark" role="img" aria-label={says}>
      <svg width={WIDTH} height={HEIGHT} aria-hidden="true" class={tone}>
        <path class="base" d={`M0 ${HEIGHT - 0.5}H${WIDTH}`} />
        {counts.map((count, i) => {
          const height = count === 0 ? 0 : Math.max(2, (count / top) * (HEIGHT - 1));
          return height === 0 ? null : (
            <rect
              key={i}
              x={i * step}
              y={HEIGHT - height}
              width={Math.max(1, step - 0.8)}
              height={height}
              rx="0.6"
            />
          );
        })}
      </svg>
      <span class="count" aria-hidden="true">{total}</span>
    </span>
  );
}
