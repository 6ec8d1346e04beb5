import type { Env } from "../../src/config.ts";
import { openHolds } from "../../src/ledger/hold-store.ts";
import { journalHead } from "../../src/ledger/journal-store.ts";
import { setReportedSeq } from "../../src/ledger/tenant-store.ts";
import { TenantLedger } from "../../src/ledger/tenant-ledger.ts";
import { BenchQueue } from "./bench-queue.ts";
import { countStatements } from "./count-statements.ts";
import { measuredRequest } from "./measured-job.ts";
import type { CallCounts, SeedOrder } from "./protocol.ts";
import { seedHistory } from "./seed-history.ts";

export interface BenchEnv extends Env {
  /** "none": messages to the queue are dropped in the object. */
  BENCH_QUEUE: string;
}

const DRAIN_MS_MAX = 20_000;

/** The gateway's ledger as it is, and what the bench needs beside it. Never exported by src/index.ts. */
export class BenchLedger extends TenantLedger {
  readonly #queue: BenchQueue;

  constructor(state: DurableObjectState, env: BenchEnv) {
    const queue = new BenchQueue(env.BENCH_QUEUE === "none" ? null : env.USAGE_QUEUE);
    super(state, { ...env, USAGE_QUEUE: queue });
    this.#queue = queue;
  }

  async seed(order: SeedOrder): Promise<void> {
    const tenant = await this.describe();
    if (!tenant) throw new Error("provision first");
    this.ctx.storage.transactionSync(() => {
      seedHistory(this.ctx.storage.sql, tenant, order);
      setReportedSeq(this.ctx.storage.sql, journalHead(this.ctx.storage.sql).seq);
    });
  }

  /** Ends this instance: the next call meets one that found its history on the disk. */
  async restart(): Promise<void> {
    this.ctx.abort("restarted by the bench");
  }

  /** Captures every open hold, and waits until the queue has every entry. */
  async captureAll(): Promise<number> {
    const ids = [...openHolds(this.ctx.storage.sql)].map((hold) => hold.job.jobId);
    for (const jobId of ids) await this.settle({ jobId, action: "capture", outcome: "completed", reason: "" });
    const { seq } = journalHead(this.ctx.storage.sql);
    const until = Date.now() + DRAIN_MS_MAX;
    while (this.#queue.sentSeq < seq) {
      if (Date.now() > until) throw new Error(`the outbox stands at ${this.#queue.sentSeq} of ${seq}`);
      // A note of a job that has ended writes nothing, and makes the outbox go on.
      await this.note({ jobId: "0", kind: "needs_operator", reason: "" });
      await scheduler.wait(5);
    }
    setReportedSeq(this.ctx.storage.sql, seq);
    return ids.length;
  }

  async count(): Promise<CallCounts> {
    const { sql } = this.ctx.storage;
    let jobId = "";
    const reserve = await countStatements(sql, async () => {
      const result = await this.reserve(measuredRequest());
      jobId = result.ok ? result.value.job.jobId : "";
    });
    const settle = await countStatements(sql, () =>
      this.settle({ jobId, action: "capture", outcome: "completed", reason: "" }),
    );
    return { reserve, settle };
  }
}
