import { randomBytes } from "node:crypto";
import type { GatewaySecrets } from "../../keys/gateway-secrets.ts";
import { allBudgets } from "../budget-store.ts";
import type { JobFacts } from "../journal-entry.ts";
import { firstSeq, journalHead, ledgerNow, readRows } from "../journal-store.ts";
import { archiveGap } from "../archive/segment-store.ts";
import type { AuditReport } from "../types.ts";
import { BaseSums } from "./base-sums.ts";
import { followRow, GENESIS, missing, type ChainPosition } from "./chain.ts";
import { checkpointFault, readTotals, type Checkpoint, type CheckpointTotals } from "./checkpoint.ts";
import { checkpointHolds, digestOfHolds, lastCheckpoint } from "./checkpoint-store.ts";
import { comparedWindows } from "./compared-windows.ts";
import { compareBooks } from "./compare-books.ts";
import { Differences } from "./differences.ts";
import { sameFacts } from "./fold-entry.ts";
import { NO_CREDIT, nothingReplayed, type Replayed } from "./replayed.ts";
import { writeCheckpoint, type Verified } from "./write-checkpoint.ts";

export interface AuditScope {
  tenant: string;
  secrets: GatewaySecrets;
  /** Entries, and rows of `spend` and `tag_spend`, that one step reads at most. */
  rowsMax: number;
  /** Entries since the last checkpoint from which on a consistent audit writes one; null: none is written now. */
  checkpointEntries: number | null;
}

const NOTHING: CheckpointTotals = {
  captured: { live: 0, test: 0 },
  held: { live: 0, test: 0 },
  openHolds: 0,
  credit: NO_CREDIT,
  spendDigest: "0".repeat(64),
  holdsDigest: "0".repeat(64),
};

/**
 * One audit from the last checkpoint to the head, in steps, in memory. The last step reads up to the
 * head and compares without an await in between, so no admission can come in the middle.
 */
export class AuditRun {
  readonly id = randomBytes(8).toString("hex");
  /** The head when it began: it verifies up to here at least. */
  readonly targetSeq: number;
  readonly #sql: SqlStorage;
  readonly #checkpoint: Checkpoint | null;
  readonly #totals: CheckpointTotals;
  readonly #base: BaseSums;
  readonly #differences = new Differences();
  readonly #replayed: Replayed;
  #at: ChainPosition;

  constructor(sql: SqlStorage, scope: Pick<AuditScope, "tenant" | "secrets">) {
    this.#sql = sql;
    this.targetSeq = journalHead(sql).seq;
    this.#checkpoint = lastCheckpoint(sql);
    const fault = this.#checkpoint && checkpointFault(scope.tenant, this.#checkpoint, scope.secrets);
    if (fault !== null) this.#differences.add(fault);
    this.#totals = this.#checkpoint ? readTotals(this.#checkpoint) : NOTHING;
    this.#replayed = nothingReplayed(this.#totals.credit);
    this.#at = this.#checkpoint ?? GENESIS; // A checkpoint is a place in the chain.
    this.#base = new BaseSums(sql, comparedWindows(allBudgets(sql), ledgerNow(sql)));
  }

  get seq(): number {
    return this.#at.seq;
  }

  /** False: another audit has moved the checkpoint, and what this one has added up is worth nothing. */
  get standsOn(): boolean {
    return (lastCheckpoint(this.#sql)?.seq ?? 0) === (this.#checkpoint?.seq ?? 0);
  }

  /** One bounded piece of work; the report, once it has reached the head. */
  step(scope: AuditScope): AuditReport | null {
    if (!this.#base.complete) this.#base.step(scope.rowsMax);
    if (!this.#base.complete) return null;
    let rows = 0;
    for (const row of readRows(this.#sql, this.#at.seq, scope.rowsMax)) {
      this.#at = followRow(this.#at, row, this.#replayed, this.#differences);
      rows += 1;
    }
    return rows < scope.rowsMax ? this.#finish(scope) : null;
  }

  #finish(scope: AuditScope): AuditReport {
    this.#compareBase();
    this.#compareJournal();
    const open = this.#openHolds();
    compareBooks(this.#sql, { base: this.#base, replayed: this.#replayed, open }, this.#differences);
    const totals = {
      captured: plus(this.#totals.captured, this.#replayed.captured),
      held: heldBy(open.values()),
      openHolds: open.size,
      credit: this.#replayed.credit,
    };
    const before = this.#checkpoint;
    const written = this.#differences.none ? writeCheckpoint(this.#sql, scope, { before, at: this.#at, totals }) : null;
    return this.#report(totals, written ?? before);
  }

  /** The report of an audit that what is stored would not let come to its end. */
  broken(why: string): AuditReport {
    this.#differences.add(`the audit broke after entry ${this.#at.seq}: ${why}`);
    return this.#report(this.#totals, this.#checkpoint);
  }

  #report(totals: Verified["totals"], checkpoint: Checkpoint | null): AuditReport {
    return {
      consistent: this.#differences.none,
      entries: this.#replayed.entries,
      capturedMicros: totals.captured.live + totals.captured.test,
      heldMicros: totals.held.live + totals.held.test,
      openHolds: totals.openHolds,
      differences: this.#differences.toList(),
      fromSeq: (this.#checkpoint?.seq ?? 0) + 1,
      verifiedToSeq: this.#at.seq,
      checkpoint: checkpoint && { seq: checkpoint.seq, at: checkpoint.at },
    };
  }

  /** What lies at the checkpoint must be what was signed. */
  #compareBase(): void {
    const name = this.#checkpoint ? `checkpoint ${this.#checkpoint.seq}` : "before the first checkpoint";
    if (this.#base.digest !== this.#totals.spendDigest) this.#differences.add(`${name}: spend is not what it was`);
    if (digestOfHolds(this.#sql) !== this.#totals.holdsDigest) {
      this.#differences.add(`${name}: the open holds are not what they were`);
    }
  }

  #compareJournal(): void {
    const head = journalHead(this.#sql).seq;
    const least = Math.max(this.targetSeq, this.#checkpoint?.seq ?? 0);
    if (head < least) this.#differences.add(`journal: ${missing(head + 1, least)} at its end`);
    const first = firstSeq(this.#sql) ?? 1;
    const gap = archiveGap(this.#sql, Math.min(first, (this.#checkpoint?.seq ?? 0) + 1));
    if (gap !== null) this.#differences.add(`journal: ${gap}`);
  }

  #openHolds(): Map<string, JobFacts> {
    const open = checkpointHolds(this.#sql);
    for (const [id, job] of this.#replayed.ended) {
      const held = open.get(id);
      if (!held) this.#differences.add(`job ${id}: ended without an open hold`);
      else if (!sameFacts(held, job)) this.#differences.add(`job ${id}: ended with other facts than it was held with`);
      open.delete(id);
    }
    for (const [id, job] of this.#replayed.opened) {
      if (open.has(id)) this.#differences.add(`job ${id}: held twice`);
      open.set(id, job);
    }
    return open;
  }
}

type Sums = CheckpointTotals["captured"];

const plus = (a: Sums, b: Sums): Sums => ({ live: a.live + b.live, test: a.test + b.test });

function heldBy(jobs: Iterable<JobFacts>): Sums {
  const held: Sums = { live: 0, test: 0 };
  for (const job of jobs) held[job.mode] += job.priceMicros;
  return held;
}
