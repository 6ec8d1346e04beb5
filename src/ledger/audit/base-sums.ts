import { spentIn } from "../spend-store.ts";
import { spendItem } from "./checkpoint.ts";
import { checkpointSpend } from "./checkpoint-store.ts";
import type { ComparedWindow } from "./compared-windows.ts";
import { MultisetDigest } from "./multiset-digest.ts";
import { spendFacts, spendKey, type SpendColumns } from "./spend-key.ts";
import { WindowSums } from "./window-sums.ts";

/** What each counter had captured at the checkpoint, summed from `spend` a page at a time. */
export class BaseSums {
  readonly #sql: SqlStorage;
  readonly #sums: WindowSums;
  readonly #digest = new MultisetDigest();
  #after: SpendColumns = ["", 0, "", "", "", ""];
  #complete = false;

  constructor(sql: SqlStorage, windows: readonly ComparedWindow[]) {
    this.#sql = sql;
    this.#sums = new WindowSums(windows);
  }

  get complete(): boolean {
    return this.#complete;
  }

  /** Of all rows read: what the checkpoint signed. */
  get digest(): string {
    return this.#digest.hex;
  }

  /** Reads at most `rowsMax` rows. The checkpoint must not move between two calls. */
  step(rowsMax: number): void {
    const page = checkpointSpend(this.#sql, this.#after, rowsMax);
    for (const { columns, checkpointMicros } of page) {
      this.#sums.add(spendFacts(columns), checkpointMicros);
      this.#digest.add(spendItem(spendKey(columns), checkpointMicros));
      this.#after = columns;
    }
    this.#complete = page.length < rowsMax;
  }

  /** Micro-dollars. A budget or window that came up since is summed now, as a new budget is. */
  captured({ key, budget, window }: ComparedWindow): number {
    return this.#sums.of(key)?.micros ?? spentIn(this.#sql, budget, window, "checkpoint_micros");
  }
}
