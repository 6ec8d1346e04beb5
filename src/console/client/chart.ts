import uPlot from "uplot";

/** A chart's data as the server writes it into `data-chart`: days, and for each series its values in dollars. */
interface ChartData {
  days: string[];
  series: { label: string; values: number[] }[];
  unit: string;
}

const colour = (number: number): string =>
  getComputedStyle(document.documentElement)
    .getPropertyValue(`--series-${Math.min(number + 1, 9)}`)
    .trim();

const ink = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Each series on top of those before it: the chart's height is the sum. */
function stack(series: ChartData["series"]): number[][] {
  const below: number[] = [];
  return series.map(({ values }) =>
    values.map((value, at) => {
      below[at] = (below[at] ?? 0) + value;
      return below[at];
    }),
  );
}

function draw(place: HTMLElement): void {
  const data = JSON.parse(place.dataset["chart"] ?? "null") as ChartData | null;
  if (!data || data.days.length === 0) return;
  const bars = uPlot.paths.bars?.({ size: [0.7, 48] });
  const heights = stack(data.series);
  // The tallest is drawn first, so that each one before it lies on top of it.
  const drawn = data.series.map((_, number) => number).toReversed();
  const axis = { stroke: ink("--pico-muted-color"), grid: { stroke: ink("--pico-muted-border-color"), width: 1 } };
  place.replaceChildren();
  const chart = new uPlot(
    {
      width: place.clientWidth || 600,
      height: 256,
      scales: { x: { time: true }, y: { range: (_, __, max) => [0, max > 0 ? max * 1.05 : 1] } },
      axes: [axis, { ...axis, size: 64, values: (_, ticks) => ticks.map((tick) => `${data.unit}${tick}`) }],
      series: [
        { value: (_, at) => (at === null ? "" : new Date(at * 1_000).toISOString().slice(0, 10)) },
        ...drawn.map((number) => ({
          label: data.series[number]?.label ?? "",
          stroke: colour(number),
          fill: colour(number),
          ...(bars && { paths: bars }),
          points: { show: false },
          value: (_: uPlot, __: number | null, ___: number, at: number | null) =>
            at === null ? "–" : `${data.unit}${(data.series[number]?.values[at] ?? 0).toFixed(2)}`,
        })),
      ],
    },
    [data.days.map((day) => Date.parse(day) / 1_000), ...drawn.map((number) => heights[number] ?? [])],
    place,
  );
  new ResizeObserver(() => chart.setSize({ width: place.clientWidth, height: 256 })).observe(place);
}

const drawAll = (): void => {
  for (const place of document.querySelectorAll<HTMLElement>("[data-chart]:empty")) draw(place);
};

drawAll();
document.addEventListener("wavegate:refreshed", drawAll);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const place of document.querySelectorAll<HTMLElement>("[data-chart]")) draw(place);
});
