import type { Series } from "./overview-shape.ts";

/** Series with the names that people read. `none`: what has no name, such as jobs of no team. */
export const labelled = (series: readonly Series[], names: ReadonlyMap<string, string>, none: string) =>
  series.map(({ name, others, ...sums }) => ({
    ...sums,
    label: others ? "Others" : name === null ? none : (names.get(name) ?? name),
  }));
