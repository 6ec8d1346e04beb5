const WIDTH = 96;
const HEIGHT = 24;

/** A line as high as its highest value, without axes: for a row of a table. */
export const Sparkline = ({ values, label }: { values: readonly number[]; label: string }) => {
  const highest = Math.max(...values) || 1;
  const step = values.length > 1 ? WIDTH / (values.length - 1) : WIDTH;
  const points = values.map(
    (value, at) => `${(at * step).toFixed(1)},${(HEIGHT - 2 - (value / highest) * (HEIGHT - 4)).toFixed(1)}`,
  );
  return (
    <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      <polyline points={points.join(" ")} fill="none" stroke="currentColor" stroke-width="1.5" />
    </svg>
  );
};
