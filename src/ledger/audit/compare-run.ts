import type { GatewaySecrets } from "../../keys/gateway-secrets.ts";
import { ledgerNow, readRows } from "../journal-store.ts";
import { type Books, noBaseSums } from "./books.ts";
import { followRow, GENESIS, type ChainPosition } from "./chain.ts";
import { type Checkpoint, checkpointFault, NO_TOTALS, readTotals, signCheckpoint } from "./checkpoint.ts";
import { lastCheckpoint, saveCheckpoint } from "./checkpoint-store.ts";
import { compareWhole, passesOf } from "./compare-books.ts";
import type { Differences } from "./differences.ts";
import { type HoldSums, plusSums, type Sums } from "./hold-sums.ts";
import type { Pass } from "./pass.ts";
import { nothingReplayed } from "./replayed.ts";

interface Keys {
  tenant: string;
  secrets: GatewaySecrets;
}

/**
 * Compares the tables in use with the checkpoint and what entries changed since, in memory, page by page. Each
 * call first follows the journal to the head: at that instant it is exact, and a page is compared there.
 */
export class CompareRun {
  readonly checkpoint: Checkpoint | null;
  readonly #books: Books;
  readonly #passes: Pass[];
  #at: ChainPosition;

  constructor(sql: SqlStorage, { tenant, secrets }: Keys, differences: Differences) {
    this.checkpoint = lastCheckpoint(sql);
    const fault = this.checkpoint && checkpointFault(tenant, this.checkpoint, secrets);
    if (fault !== null) differences.add(fault);
    const totals = this.checkpoint ? readTotals(this.checkpoint) : NO_TOTALS;
    const since = nothingReplayed(totals.credit);
    this.#books = { sql, checkpoint: this.checkpoint, totals, base: noBaseSums(sql), since, differences };
    this.#passes = passesOf(this.#books);
    this.#at = this.checkpoint ?? GENESIS; // A checkpoint is a place in the chain.
  }

  /** The last entry that was followed. */
  get seq(): number {
    return this.#at.seq;
  }

  /** Entries followed since the checkpoint. */
  get entries(): number {
    return this.#books.since.entries;
  }

  get captured(): Sums {
    return plusSums(this.#books.totals.captured, this.#books.since.captured);
  }

  /** Handles at most `rowsMax` entries and rows. True: everything was compared. */
  step(rowsMax: number): boolean {
    let left = rowsMax - this.#follow(rowsMax);
    while (left > 0) {
      const pass = this.#passes[0];
      if (!pass) return true;
      const handled = pass(left);
      if (handled < left) this.#passes.shift();
      left -= handled;
    }
    return false;
  }

  /** After the last step, in the same call. Returns the open holds. */
  finish(leastSeq: number): HoldSums {
    return compareWhole(this.#books, leastSeq);
  }

  /** The checkpoint was found right: says so, and how much there was to read. */
  verify({ tenant, secrets }: Keys): void {
    const { sql, totals, base } = this.#books;
    if (!this.checkpoint || (totals.verified && totals.spendRows !== null)) return;
    const verified = JSON.stringify({ ...totals, spendRows: base.spendRows, verified: true });
    const unsigned = { ...this.checkpoint, at: ledgerNow(sql), totals: verified };
    saveCheckpoint(sql, signCheckpoint(tenant, unsigned, secrets));
  }

  #follow(rowsMax: number): number {
    const { sql, since, differences } = this.#books;
    let rows = 0;
    for (const row of readRows(sql, this.#at.seq, rowsMax)) {
      this.#at = followRow(this.#at, row, since, differences);
      rows += 1;
    }
    return rows;
  }
}
