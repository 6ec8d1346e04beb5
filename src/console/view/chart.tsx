import { Table } from "./table.tsx";

/** Amounts by day, stacked. Values are decimal strings in dollars, as the API has them. */
export interface Series {
  label: string;
  values: readonly string[];
}

interface ChartProps {
  title: string;
  days: readonly string[];
  series: readonly Series[];
  unit?: string;
}

/** A chart of days (client/chart.ts draws it) with the table that it is made of, for whoever cannot see or hover it. */
export const Chart = ({ title, days, series, unit = "$" }: ChartProps) => {
  const drawn = { days, unit, series: series.map(({ label, values }) => ({ label, values: values.map(Number) })) };
  return (
    <figure class="chart-figure">
      <figcaption>{title}</figcaption>
      <div class="chart" data-chart={JSON.stringify(drawn)} aria-hidden="true"></div>
      <details id={`table-${title.replaceAll(/\W+/g, "-").toLowerCase()}`}>
        <summary>Show as a table</summary>
        <Table heads={["Day", ...series.map(({ label }) => `${label}#`)]}>
          {days.map((day, at) => (
            <tr>
              <th scope="row">{day}</th>
              {series.map(({ values }) => (
                <td class="num">
                  {unit}
                  {values[at] ?? "0.000000"}
                </td>
              ))}
            </tr>
          ))}
        </Table>
      </details>
    </figure>
  );
};
