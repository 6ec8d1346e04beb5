import { writeFileSync } from "node:fs";
import type { Conditions } from "./conditions.ts";
import type { Spread } from "./statistics.ts";

/** Min / median / max. */
export const spreadText = ({ min, median, max }: Spread, digits = 1): string =>
  [min, median, max].map((value) => value.toFixed(digits)).join(" / ");

export const percentText = ({ min, median, max }: Spread): string =>
  `${[min, median, max].map((value) => (value * 100).toFixed(1)).join(" / ")} %`;

/** Rows under a head, in columns. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, n) => Math.max(...rows.map((cells) => cells[n]?.length ?? 0))) ?? [];
  const line = (cells: readonly string[]): string => cells.map((cell, n) => cell.padEnd(widths[n] ?? 0)).join("  ");
  return `${rows.map((cells) => line(cells).trimEnd()).join("\n")}\n`;
}

/** The line without which no figure below it says anything. */
export const conditionsText = (c: Conditions): string =>
  `${c.date}  ${c.command}\ncommit ${c.commit}, node ${c.node}, workerd ${c.workerd}, ${c.cpus} cpus (${c.cpuModel}), ` +
  `load ${c.loadBefore.toFixed(2)} before\n`;

/** Writes the results where `--json` says, and the text to stdout. */
export function publish(json: string | null, results: object, text: string): void {
  if (json !== null) writeFileSync(json, `${JSON.stringify(results, null, 2)}\n`);
  process.stdout.write(text);
}

export const progress = (text: string): void => void process.stderr.write(`bench: ${text}\n`);
