/** RFC 4180. A cell that a spreadsheet would run as a formula, or that begins with an apostrophe, gets an apostrophe before it. */
export function csvCell(value: string | number | null): string {
  const text = String(value ?? "");
  // An amount is none, whatever its sign: sums are made of them.
  const isAmount = /^-?\d+\.\d{6}$/.test(text);
  const guarded = !isAmount && /^[=+\-@\t\r']/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

export const csvLine = (cells: readonly (string | number | null)[]): string => `${cells.map(csvCell).join(",")}\r\n`;
