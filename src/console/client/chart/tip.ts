import type uPlot from "uplot";
import type { ChartData } from "./chart-data.ts";

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
  for (const { label, value } of [...some, ...(some.length === 1 ? [] : [{ label: "Together", value: sum }])]) {
    const row = table.insertRow();
    row.insertCell().textContent = label;
    const amount = row.insertCell();
    amount.className = "num";
    amount.textContent = data.unit + value.toFixed(6).replace(/(\.\d\d\d*?)0+$/, "$1");
  }
  tip.replaceChildren(table);
  // On the side where there is room.
  const isRight = left > chart.over.clientWidth / 2;
  tip.style.left = isRight ? "" : `${left + 12}px`;
  tip.style.right = isRight ? `${chart.over.clientWidth - left + 12}px` : "";
  tip.style.top = "8px";
}
