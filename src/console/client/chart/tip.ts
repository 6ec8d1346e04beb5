import type uPlot from "uplot";
import type { ChartData } from "./chart-data.ts";

const NARROW_PX = 420;

/** What each series has of the day under the pointer, the largest first, and their sum. */
export function tipOf(data: ChartData): uPlot.Plugin {
  const tip = document.createElement("div");
  tip.className = "chart-tip";
  tip.hidden = true;
  return {
    hooks: {
      init: (chart) => void chart.over.append(tip),
      setCursor: (chart) => show(chart, tip, data),
    },
  };
}

function show(chart: uPlot, tip: HTMLElement, data: ChartData): void {
  const { idx, left = -1 } = chart.cursor;
  const day = idx == null || left < 0 ? undefined : data.days[idx];
  tip.hidden = day === undefined;
  if (idx == null || day === undefined) return;
  const rows = data.series.map(({ label, values }) => ({ label, value: values[idx] ?? 0 }));
  const some = rows.filter(({ value }) => value !== 0).toSorted((a, b) => b.value - a.value);
  const sum = rows.reduce((total, { value }) => total + value, 0);
  const table = document.createElement("table");
  table.createCaption().textContent = day;
  for (const { label, value } of [...some, ...(some.length > 1 ? [{ label: "Together", value: sum }] : [])]) {
    const row = table.insertRow();
    row.insertCell().textContent = label;
    const amount = row.insertCell();
    amount.className = "num";
    amount.textContent = data.unit + value.toFixed(6).replace(/(\.\d\d\d*?)0+$/, "$1");
  }
  if (some.length === 0) table.insertRow().insertCell().textContent = "Nothing";
  tip.replaceChildren(table);
  // On the side where there is room; across the whole of a narrow chart.
  const width = chart.over.clientWidth;
  const isNarrow = width < NARROW_PX;
  const isRight = left > width / 2;
  tip.style.left = isNarrow ? "0" : isRight ? "" : `${left + 12}px`;
  tip.style.right = isNarrow ? "0" : isRight ? `${width - left + 12}px` : "";
  tip.style.top = "8px";
}
