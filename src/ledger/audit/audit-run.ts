import { randomBytes } from "node:crypto";
import { journalHead, readRows, type JournalHead } from "../journal-store.ts";
import type { AuditReport } from "./audit-types.ts";
import { lastCheckpoint, verifiedCheckpoint } from "./checkpoint-store.ts";
import { CompareRun } from "./compare-run.ts";
import { Differences } from "./differences.ts";
import { moveCheckpoint, type MoveScope } from "./move-checkpoint.ts";

export interface AuditScope extends MoveScope {
  /** Entries since the last verified checkpoint from which on an audit first moves to the head; null: it must stay. */
  checkpointEntries: number | null;
}

/** Calls' worth of entries that a comparison takes into memory at most, where the checkpoint cannot be moved. */
const FOLLOWED_STEPS_MAX = 50;

/**
 * One audit, in steps: it moves the checkpoint to the head, if it is far behind, and compares from there.
 * What it knows is in memory, but for the checkpoint.
 */
export class AuditRun {
  readonly id = randomBytes(8).toString("hex");
  /** The head when it began: it verifies up to here at least. */
  readonly targetSeq: number;
  /** False: not every entry is in the tables. */
  isCounted = true;
  readonly #sql: SqlStorage;
  readonly #fromSeq: number;
  readonly #differences = new Differences();
  #moved = 0;
  #moving: boolean;
  #compare: CompareRun | null = null;

  /** `written`: an entry that there was for sure, or null. */
  constructor(sql: SqlStorage, scope: AuditScope, written: JournalHead | null) {
    this.#sql = sql;
    const last = lastCheckpoint(sql);
    this.targetSeq = Math.max(journalHead(sql).seq, written?.seq ?? 0);
    if (written) this.#checkWritten(written);
    this.#fromSeq = (last?.seq ?? 0) + 1;
    const unverified = this.targetSeq - (verifiedCheckpoint(sql)?.seq ?? 0);
    const behind = scope.checkpointEntries !== null && unverified >= scope.checkpointEntries && this.#behind > 0;
    // Under an older secret it would not verify once that is taken out of use.
    const stale = last !== null && last.secretVersion !== scope.secrets.newest.version;
    this.#moving = behind || stale;
  }

  get seq(): number {
    return this.#compare?.seq ?? lastCheckpoint(this.#sql)?.seq ?? 0;
  }

  /** False: another audit has moved the checkpoint, and what this one has added up is worth nothing. */
  get standsOn(): boolean {
    return !this.#compare || (lastCheckpoint(this.#sql)?.seq ?? 0) === (this.#compare.checkpoint?.seq ?? 0);
  }

  /** One bounded piece of work, inside a transaction; the report, once everything was compared. */
  step(scope: AuditScope): AuditReport | null {
    if (this.#moving && scope.checkpointEntries !== null) return this.#move(scope);
    this.#compare ??= new CompareRun(this.#sql, scope, this.#differences);
    if (!this.#compare.step(scope.rowsMax)) return null;
    const holds = this.#compare.finish(this.targetSeq);
    if (this.#differences.none) this.#compare.verify(scope);
    const heldMicros = holds.held.live + holds.held.test;
    return this.#report(heldMicros, holds.jobs);
  }

  /** The report of an audit that what is stored would not let come to its end. */
  broken(why: string): AuditReport {
    this.#differences.add(`the audit broke after entry ${this.seq}: ${why}`);
    return this.#report(0, 0);
  }

  /** Entries that cannot be counted. The comparison goes on with the tables as they are. */
  notCounted(why: string): void {
    this.isCounted = false;
    this.#differences.add(`counters and spend: ${why}`);
  }

  /** The last entries are not in other tables yet, so that these could not tell that somebody wrote them anew. */
  #checkWritten({ seq, hash }: JournalHead): void {
    const [row] = readRows(this.#sql, seq - 1, 1);
    if (row?.seq === seq && row.hash !== hash)
      this.#differences.add(`journal: entry ${seq} is not the one that was written`);
  }

  /** Where it cannot be moved on, a comparison from where it stands names more than what is wrong there. */
  #move(scope: AuditScope): AuditReport | null {
    const { entries, atHead, differences } = moveCheckpoint(this.#sql, scope);
    this.#moved += entries;
    this.#moving = differences.none && !atHead;
    if (differences.none || this.#behind <= FOLLOWED_STEPS_MAX * scope.rowsMax) return null;
    for (const difference of differences.toList()) this.#differences.add(difference);
    this.#differences.add(`journal: entries after ${this.seq} were not compared, they are too many`);
    return this.#report(0, 0);
  }

  /** Entries after the checkpoint. */
  get #behind(): number {
    return journalHead(this.#sql).seq - (lastCheckpoint(this.#sql)?.seq ?? 0);
  }

  #report(heldMicros: number, openHolds: number): AuditReport {
    const captured = this.#compare?.captured;
    const checkpoint = lastCheckpoint(this.#sql);
    return {
      consistent: this.#differences.none,
      entries: this.#moved + (this.#compare?.entries ?? 0),
      capturedMicros: captured ? captured.live + captured.test : 0,
      heldMicros,
      openHolds,
      differences: this.#differences.toList(),
      fromSeq: this.#fromSeq,
      verifiedToSeq: this.seq,
      checkpoint: checkpoint && { seq: checkpoint.seq, at: checkpoint.at },
    };
  }
}
