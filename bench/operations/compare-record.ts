import type { OperationsRecord, RecordedCounts } from "./record.ts";
import { COUNTED } from "./protocol.ts";

/** Every count that is not as recorded, in words; a lower one too, so that the record is always true. */
export function differencesFrom(recorded: OperationsRecord, found: OperationsRecord): string[] {
  return (["webhook", "polling", "furtherBudget"] as const).flatMap((part) =>
    differencesIn(recorded[part], found[part]).map((text) => `${part}, ${text}`),
  );
}

function differencesIn(recorded: RecordedCounts, found: RecordedCounts): string[] {
  const names = new Set([...Object.keys(recorded), ...Object.keys(found)]);
  return [...names].flatMap((name) =>
    COUNTED.flatMap((what) => {
      const [was, is] = [recorded[name]?.[what] ?? 0, found[name]?.[what] ?? 0];
      return was === is ? [] : [`${name}, ${what}: recorded ${was}, found ${is}`];
    }),
  );
}
