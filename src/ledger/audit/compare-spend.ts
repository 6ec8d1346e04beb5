import { spendPage, type SpendState } from "./base-store.ts";
import type { Books } from "./books.ts";
import { spendItem } from "./checkpoint.ts";
import { compareSpent } from "./compare-since.ts";
import { overRows, type Pass } from "./pass.ts";
import { spendKey, spentBy, type SpendTable } from "./spend-key.ts";

/**
 * Every row of what was captured: what it has more than at the checkpoint is compared with the journal; what it was
 * there adds to what each counter had captured, and to the digest of what was signed.
 */
export function compareSpend(books: Books, table: SpendTable): Pass {
  const { sql, base } = books;
  return overRows<SpendState>(
    (after, limit) => spendPage(sql, table, after?.key ?? null, limit),
    (row) => {
      const { key, checkpointMicros } = row;
      const text = spendKey(key);
      base.spendRows += 1;
      compareSpent(books, text, row);
      // Not at the checkpoint yet.
      if (checkpointMicros === 0) return;
      base.captured.add(spentBy(key), checkpointMicros);
      base.spendDigest.add(spendItem(text, checkpointMicros));
    },
  );
}
