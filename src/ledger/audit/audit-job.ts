import { SegmentDamaged, type ArchivedJournal } from "../archive/archived-journal.ts";
import type { AuditReport } from "./audit-types.ts";
import type { AuditDesk } from "./audit-desk.ts";
import type { AuditScope } from "./audit-run.ts";
import { followRows, missing } from "./chain.ts";
import { checkpointFault, readTotals, signCheckpoint, type Checkpoint, type CheckpointTotals } from "./checkpoint.ts";
import { checkpointsBetween, lastCheckpoint, saveCheckpoint } from "./checkpoint-store.ts";
import { Differences } from "./differences.ts";
import { isFull, runningAudit, saveAudit, type AuditJobRow } from "./audit-job-store.ts";
import { MultisetDigest } from "./multiset-digest.ts";
import { clearRebuilt, compareBase, mergeReplayed, sameSums } from "./rebuilt-tables.ts";
import { nothingReplayed } from "./replayed.ts";

/** Times that the audit to the head may begin: it is in memory, and gone with an eviction. */
const ATTEMPTS_MAX = 5;

/**
 * Audits as jobs: README.md has their phases. A full one replays everything; any other ends after the first
 * phase. Each step is bounded and commits with its progress, so an eviction loses nothing but that phase.
 */
export class AuditJobs {
  readonly #storage: DurableObjectStorage;
  readonly #journal: ArchivedJournal;
  readonly #desk: AuditDesk;
  /** The audit to the head, in this instance. */
  #run: string | null = null;

  constructor(storage: DurableObjectStorage, journal: ArchivedJournal, desk: AuditDesk) {
    this.#storage = storage;
    this.#journal = journal;
    this.#desk = desk;
  }

  get due(): boolean {
    return runningAudit(this.#sql) !== null;
  }

  /** Throws what R2 throws; the same step comes again. Returns the report that it ended with. */
  async step(scope: AuditScope): Promise<AuditReport | null> {
    const audit = runningAudit(this.#sql);
    if (!audit) return null;
    if (audit.phase === "anchor") return this.#anchor(audit, scope);
    const checkpoint = lastCheckpoint(this.#sql);
    if (checkpoint?.seq !== audit.targetSeq) return this.fail(audit, "the checkpoint moved meanwhile");
    if (audit.phase === "clear") return this.#clear(audit, scope.rowsMax);
    if (audit.phase === "replay") return await this.#replay(audit, checkpoint, scope.rowsMax);
    return this.#compare(audit, checkpoint, scope);
  }

  /** Gives a job up that cannot go on. */
  fail(audit: AuditJobRow, message: string): null {
    saveAudit(this.#sql, { ...audit, status: "failed", phase: "ended", endedAt: Date.now(), message });
    return null;
  }

  get #sql(): SqlStorage {
    return this.#storage.sql;
  }

  /** An audit to the head: it sets the checkpoint that the replay is then compared with. */
  #anchor(audit: AuditJobRow, scope: AuditScope): AuditReport | null {
    const attempts = audit.attempts + (this.#run === null ? 1 : 0);
    if (attempts > ATTEMPTS_MAX) return this.fail(audit, "interrupted too often");
    if (attempts > audit.attempts) saveAudit(this.#sql, { ...audit, attempts });
    const step = this.#desk.step(this.#run, isFull(audit) ? { ...scope, checkpointEntries: 1 } : scope);
    this.#run = step.state === "running" ? step.run : null;
    if (step.state !== "done") return null;
    const anchor = step.report;
    const differences = { count: anchor.differences.length, named: anchor.differences };
    const anchored = { ...audit, attempts, progress: { ...audit.progress, anchor, differences } };
    if (!isFull(audit)) return this.#complete({ ...anchored, seq: anchor.verifiedToSeq }, anchor);
    // Without a checkpoint that audit has replayed everything.
    if (!anchor.checkpoint) return this.#end(anchored, new Differences(differences));
    saveAudit(this.#sql, { ...anchored, phase: "clear", targetSeq: anchor.checkpoint.seq });
    return null;
  }

  #clear(audit: AuditJobRow, rowsMax: number): null {
    this.#storage.transactionSync(() => {
      if (clearRebuilt(this.#sql, rowsMax)) saveAudit(this.#sql, { ...audit, phase: "replay" });
    });
    return null;
  }

  async #replay(audit: AuditJobRow, checkpoint: Checkpoint, rowsMax: number): Promise<AuditReport | null> {
    const differences = new Differences(audit.progress.differences);
    let rows;
    try {
      rows = await this.#journal.read(audit.seq, Math.min(rowsMax, audit.targetSeq - audit.seq));
    } catch (error) {
      if (!(error instanceof SegmentDamaged)) throw error;
      differences.add(error.message);
      return this.#end(audit, differences);
    }
    if (rows.length === 0 || (rows.at(-1)?.seq ?? 0) > audit.targetSeq) {
      differences.add(`journal: ${missing(audit.seq + 1, audit.targetSeq)}`);
      return this.#end(audit, differences);
    }
    const replayed = nothingReplayed(audit.progress.credit);
    const at = followRows(rows, audit, replayed, differences, rowsMax);
    const hashes = new Map(rows.map((row) => [row.seq, row.hash]));
    for (const { seq, hash } of checkpointsBetween(this.#sql, audit.seq, at.seq)) {
      if (hashes.get(seq) !== hash) differences.add(`checkpoint ${seq}: has another hash than its entry`);
    }
    const captured = {
      live: audit.progress.captured.live + replayed.captured.live,
      test: audit.progress.captured.test + replayed.captured.test,
    };
    this.#storage.transactionSync(() => {
      mergeReplayed(this.#sql, replayed, differences);
      const { credit } = replayed;
      const progress = { ...audit.progress, captured, credit, differences: differences.save() };
      const phase = at.seq === checkpoint.seq ? "compare" : "replay";
      saveAudit(this.#sql, { ...audit, phase, seq: at.seq, hash: at.hash, progress });
    });
    return null;
  }

  #compare(audit: AuditJobRow, checkpoint: Checkpoint, scope: AuditScope): AuditReport | null {
    return this.#storage.transactionSync(() => {
      const differences = new Differences(audit.progress.differences);
      const digest = new MultisetDigest(audit.progress.spendDigest);
      const after = audit.progress.holdsAfter ?? "";
      const page = compareBase(this.#sql, scope.rowsMax, after, digest, differences);
      if (!page.last) {
        const { holdsAfter } = page;
        const progress = { ...audit.progress, differences: differences.save(), spendDigest: digest.hex, holdsAfter };
        saveAudit(this.#sql, { ...audit, progress });
        return null;
      }
      const totals = readTotals(checkpoint);
      const unfit = `checkpoint ${checkpoint.seq}: spend is not what it was`;
      if (totals.spendDigest !== digest.hex) differences.add(unfit);
      if (!sameSums(totals, audit.progress)) {
        differences.add(`checkpoint ${checkpoint.seq}: captured and credit are not those of the journal`);
      }
      const fault = checkpointFault(scope.tenant, checkpoint, scope.secrets);
      if (differences.only([unfit, fault])) this.#signAnew(checkpoint, { ...totals, spendDigest: digest.hex }, scope);
      return this.#end(audit, differences);
    });
  }

  /**
   * The replay proved what the signature could not, or what an older version had signed of rows that it
   * kept in another way: then that is the only difference.
   */
  #signAnew(checkpoint: Checkpoint, proved: CheckpointTotals, scope: AuditScope): void {
    const totals = JSON.stringify(proved);
    saveCheckpoint(this.#sql, signCheckpoint(scope.tenant, { ...checkpoint, totals }, scope.secrets));
  }

  #end(audit: AuditJobRow, differences: Differences): AuditReport {
    const { anchor } = audit.progress;
    const report: AuditReport = {
      consistent: differences.none,
      entries: Math.max(audit.seq, anchor?.checkpoint ? 0 : (anchor?.entries ?? 0)),
      capturedMicros: anchor?.capturedMicros ?? 0,
      heldMicros: anchor?.heldMicros ?? 0,
      openHolds: anchor?.openHolds ?? 0,
      differences: differences.toList(),
      fromSeq: 1,
      verifiedToSeq: anchor?.verifiedToSeq ?? audit.seq,
      checkpoint: anchor?.checkpoint ?? null,
    };
    return this.#complete(audit, report);
  }

  #complete(audit: AuditJobRow, report: AuditReport): AuditReport {
    const ended = { ...audit, progress: { ...audit.progress, anchor: null }, endedAt: Date.now(), report };
    saveAudit(this.#sql, { ...ended, status: "completed", phase: "ended" });
    return report;
  }
}
