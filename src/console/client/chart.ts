import uPlot from "uplot";
import type { ChartData } from "./chart/chart-data.ts";
import { tipOf } from "./chart/tip.ts";

const HEIGHT = 256;
const DAY_SECONDS = 86_400;

const colour = (number: number): string => ink(`--series-${Math.min(number + 1, 9)}`);

/** A colour of the theme as a canvas takes it: `light-dark()` is settled only where it is used. */
function ink(name: string): string {
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.color = `var(${name})`;
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

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

/** What is drawn, by its place: so that it is drawn anew and goes away as a whole. */
const shown = new Map<HTMLElement, { chart: uPlot; observer: ResizeObserver }>();

function remove(place: HTMLElement): void {
  const { chart, observer } = shown.get(place) ?? {};
  observer?.disconnect();
  chart?.destroy();
  shown.delete(place);
}

function draw(place: HTMLElement): void {
  const data = JSON.parse(place.dataset["chart"] ?? "null") as ChartData | null;
  if (!data || data.days.length === 0) return;
  remove(place);
  const heights = stack(data.series);
  // The tallest is drawn first, so that each one before it lies on top of it.
  const drawn = data.series.map((_, number) => number).toReversed();
  const bars = uPlot.paths.bars?.({ size: [0.7, 48] });
  const axis = { stroke: ink("--pico-muted-color"), grid: { stroke: ink("--pico-muted-border-color"), width: 1 } };
  const chart = new uPlot(
    {
      width: place.clientWidth || 600,
      height: HEIGHT,
      // Days are the server's, whatever the reader's time zone is.
      tzDate: (at) => uPlot.tzDate(new Date(at * 1_000), "UTC"),
      // The table below it names each series with its colour.
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: false } },
      plugins: [tipOf(data)],
      scales: {
        // Half a day on each side, so that the first and last bar are whole.
        x: { time: true, range: (_, min, max) => [min - DAY_SECONDS / 2, max + DAY_SECONDS / 2] },
        y: { range: (_, __, max) => [0, max > 0 ? max * 1.05 : 1] },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          values: (_, ticks) => ticks.map(dayOf),
          incrs: [1, 2, 7, 14, 28].map((days) => days * DAY_SECONDS),
        },
        { ...axis, size: 64, values: (_, ticks) => ticks.map((tick) => `${data.unit}${tick}`) },
      ],
      series: [
        {},
        ...drawn.map((number) => ({
          label: data.series[number]?.label ?? "",
          // A day without any has no line either.
          width: 0,
          fill: colour(number),
          ...(bars && { paths: bars }),
          points: { show: false },
        })),
      ],
    },
    [data.days.map((day) => Date.parse(day) / 1_000), ...drawn.map((number) => heights[number] ?? [])],
    place,
  );
  const observer = new ResizeObserver(() => chart.setSize({ width: place.clientWidth, height: HEIGHT }));
  observer.observe(place);
  shown.set(place, { chart, observer });
}

/** "Nov 30": the year is in the table. */
const dayOf = (at: number): string =>
  new Date(at * 1_000).toLocaleDateString("en", { month: "short", day: "numeric", timeZone: "UTC" });

const drawNew = (): void => {
  for (const place of shown.keys()) if (!place.isConnected) remove(place);
  for (const place of document.querySelectorAll<HTMLElement>("[data-chart]:empty")) draw(place);
};

drawNew();
document.addEventListener("wavegate:refreshed", drawNew);
// Colours are the theme's.
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const place of document.querySelectorAll<HTMLElement>("[data-chart]")) draw(place);
});

// On paper there is the table: open for as long as it is printed.
const tables = (): HTMLDetailsElement[] => [
  ...document.querySelectorAll<HTMLDetailsElement>(".chart-figure details:not([open])"),
];
let opened: HTMLDetailsElement[] = [];
addEventListener("beforeprint", () => {
  opened = tables();
  for (const table of opened) table.open = true;
});
addEventListener("afterprint", () => {
  for (const table of opened) table.open = false;
  opened = [];
});
