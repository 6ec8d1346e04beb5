/** A chart's data as the server writes it into `data-chart`: days, and for each series its values in dollars. */
export interface ChartData {
  days: string[];
  series: { label: string; values: number[] }[];
  unit: string;
}
