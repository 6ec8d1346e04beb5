import { spendPage, type SpendState } from "./base-store.ts";
import type { Books } from "./books.ts";
import { spendItem } from "./checkpoint.ts";
import { overRows, type Pass } from "./pass.ts";
import { spendKey, spentBy, type SpendTable } from "./spend-key.ts";

/** Adds up what each counter had captured at the checkpoint, and the digest of what was signed. */
export function sumBase({ sql, base }: Books, table: SpendTable): Pass {
  return overRows<SpendState>(
    (after, limit) => spendPage(sql, table, after?.key ?? null, limit),
    ({ key, checkpointMicros }) => {
      base.spendRows += 1;
      // Not at the checkpoint yet.
      if (checkpointMicros === 0) return;
      base.captured.add(spentBy(key), checkpointMicros);
      base.spendDigest.add(spendItem(spendKey(key), checkpointMicros));
    },
  );
}
