import type { CountedOperations } from "./count-operations.ts";
import { sumOf } from "./lines.ts";
import { COUNTED, type Counts, type Line } from "./protocol.ts";

/** By "place: operation", what is not zero. */
export type RecordedCounts = Record<string, Partial<Counts>>;

/** Every count, as the committed file has it. */
export interface OperationsRecord {
  /** One job whose end WaveSpeed's webhook tells of. */
  webhook: RecordedCounts;
  /** One job whose end only polling finds. */
  polling: RecordedCounts;
  /** What each further budget adds to either. */
  furtherBudget: RecordedCounts;
}

export const recordOf = ({ webhook, polling, furtherBudget }: CountedOperations): OperationsRecord => ({
  webhook: countsOf(webhook),
  polling: countsOf(polling),
  furtherBudget: countsOf(furtherBudget),
});

function countsOf(lines: readonly Line[]): RecordedCounts {
  const groups = Map.groupBy(lines, ({ place, operation }) => `${place}: ${operation}`);
  return Object.fromEntries([...groups].toSorted().map(([name, group]) => [name, withoutZeros(sumOf(group))]));
}

function withoutZeros(counts: Counts): Partial<Counts> {
  return Object.fromEntries(COUNTED.filter((what) => counts[what] !== 0).map((what) => [what, counts[what]]));
}
