/** A list that was typed into one field, with commas, spaces or lines between; null: nothing was typed. */
export function listOf(text: string | undefined): string[] | null {
  const list = (text ?? "").split(/[\s,]+/).filter((entry) => entry !== "");
  return list.length > 0 ? list : null;
}

/** Which boxes of a `Checks` were ticked. */
export const checkedOf = (values: Record<string, string>, name: string, options: readonly string[]): string[] =>
  options.filter((option) => values[`${name}.${option}`] !== undefined);

/** A number that was typed. What is none is passed on for the API to refuse; undefined: nothing was typed. */
export function numberOf(text: string | undefined): number | string | undefined {
  const typed = (text ?? "").trim();
  if (typed === "") return undefined;
  return Number.isFinite(Number(typed)) ? Number(typed) : typed;
}

/** The instant that a datetime-local field means, in UTC; null: nothing was typed. */
export const instantOf = (text: string | undefined): string | null =>
  text === undefined || text === "" ? null : /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text) ? `${text}:00Z` : text;

/** The same instant for the field. */
export const fieldInstant = (at: string | null): string => at?.slice(0, 16) ?? "";
