import { showMoney } from "../show-money.ts";
import { Chart } from "./chart.tsx";
import { Empty } from "./parts.tsx";
import { Sparkline } from "./sparkline.tsx";
import { Table } from "./table.tsx";

interface NamedSeries {
  label: string;
  jobs: number;
  price: string;
  values: readonly string[];
  /** Where its name leads. */
  href?: string | undefined;
  /** For whom it is told. */
  cost?: string;
  margin?: string;
}

interface SpendChartProps {
  title: string;
  /** What a row is: "Model". */
  of: string;
  days: readonly string[];
  series: readonly NamedSeries[];
}

/** Spend over time, stacked, and what each part of it came to. */
export const SpendChart = ({ title, of, days, series }: SpendChartProps) => {
  const isTold = series.some(({ margin }) => margin !== undefined);
  return series.length === 0 || days.length === 0 ? (
    <Empty title="Nothing was captured in these days" />
  ) : (
    <>
      <Chart title={title} days={days} series={series} />
      <Table heads={[of, "Jobs#", "Spend#", ...(isTold ? ["Cost#", "Margin#"] : []), "By day"]}>
        {series.map(({ label, jobs, price, values, href, cost, margin }, at) => (
          <tr>
            <th scope="row">
              <Swatch number={at + 1} />
              {"\u00a0"}
              {href === undefined ? label : <a href={href}>{label}</a>}
            </th>
            <td class="num">{jobs}</td>
            <td class="num">{showMoney(price)}</td>
            {isTold && (
              <>
                <td class="num">{showMoney(cost ?? "0")}</td>
                <td class="num">{showMoney(margin ?? "0")}</td>
              </>
            )}
            <td>
              <Sparkline values={values.map(Number)} label={`${label} by day`} />
            </td>
          </tr>
        ))}
      </Table>
    </>
  );
};

/** The colour that a series has in the chart; its name is beside it. */
const Swatch = ({ number }: { number: number }) => (
  <svg class="key-line" viewBox="0 0 10 10" aria-hidden="true">
    <rect class={`series-${Math.min(number, 9)}`} width="10" height="10" rx="2" />
  </svg>
);
