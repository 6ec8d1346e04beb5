import { spentIn } from "../spend-store.ts";
import { spendItem } from "./checkpoint.ts";
import { checkpointSpend } from "./checkpoint-store.ts";
import type { ComparedWindow } from "./compared-windows.ts";
import { MultisetDigest } from "./multiset-digest.ts";
import { SPEND_TABLES, spendKey, spentBy, type SpendKey, type SpendTable } from "./spend-key.ts";
import { WindowSums } from "./window-sums.ts";

/** What each counter had captured at the checkpoint, summed from `spend`, then `tag_spend`, a page at a time. */
export class BaseSums {
  readonly #sql: SqlStorage;
  readonly #sums: WindowSums;
  readonly #digest = new MultisetDigest();
  /** The tables still to read; the last row read of the first of them. */
  readonly #tables = [...SPEND_TABLES];
  #after: SpendKey | null = null;

  constructor(sql: SqlStorage, windows: readonly ComparedWindow[]) {
    this.#sql = sql;
    this.#sums = new WindowSums(windows);
  }

  get complete(): boolean {
    return this.#tables.length === 0;
  }

  /** Of all rows read: what the checkpoint signed. */
  get digest(): string {
    return this.#digest.hex;
  }

  /** Reads at most `rowsMax` rows. The checkpoint must not move between two calls. */
  step(rowsMax: number): void {
    for (let rows = 0; rows < rowsMax && this.#tables[0];) rows += this.#page(this.#tables[0], rowsMax - rows);
  }

  #page(table: SpendTable, rowsMax: number): number {
    const page = checkpointSpend(this.#sql, table, this.#after, rowsMax);
    for (const { key, checkpointMicros } of page) {
      this.#sums.add(spentBy(key), checkpointMicros);
      this.#digest.add(spendItem(spendKey(key), checkpointMicros));
    }
    const last = page.length < rowsMax;
    this.#after = last ? null : (page.at(-1)?.key ?? null);
    if (last) this.#tables.shift();
    return page.length;
  }

  /** Micro-dollars. A budget or window that came up since is summed now, as a new budget is. */
  captured({ key, budget, window }: ComparedWindow): number {
    return this.#sums.of(key)?.micros ?? spentIn(this.#sql, budget, window, "checkpoint_micros");
  }
}
