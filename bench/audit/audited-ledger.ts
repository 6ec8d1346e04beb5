import type { Env } from "../../src/config.ts";
import { parseConfig } from "../../src/config.ts";
import { admit } from "../../src/ledger/admit.ts";
import { nothingKept } from "../../src/ledger/ledger-state.ts";
import { holdItem, signCheckpoint, spendItem } from "../../src/ledger/audit/checkpoint.ts";
import { saveCheckpoint } from "../../src/ledger/audit/checkpoint-store.ts";
import { MultisetDigest } from "../../src/ledger/audit/multiset-digest.ts";
import { spendKey } from "../../src/ledger/audit/spend-key.ts";
import { journalHead } from "../../src/ledger/journal-store.ts";
import { TenantLedger } from "../../src/ledger/tenant-ledger.ts";
import { setReportedSeq } from "../../src/ledger/tenant-store.ts";
import { measuredRequest } from "../ledger/measured-job.ts";

/** The gateway's ledger as it is, and SQL to seed it and to tamper with it. Never exported by src/index.ts. */
export class AuditedLedger extends TenantLedger {
  readonly #env: Env;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#env = env;
  }

  async hold(count: number): Promise<void> {
    const { sql } = this.ctx.storage;
    const memory = nothingKept(sql);
    this.ctx.storage.transactionSync(() => {
      for (let job = 0; job < count; job++) {
        const { ok } = admit(sql, memory, measuredRequest(), job % 16);
        if (!ok) throw new Error("a job was refused");
      }
      setReportedSeq(sql, journalHead(sql).seq);
    });
  }

  /** A tag of its own for each job, as if all of them lay before the checkpoint. */
  async tags(first: number, count: number): Promise<void> {
    this.ctx.storage.sql.exec(
      `WITH RECURSIVE n (i) AS (SELECT CAST(? AS INTEGER) UNION ALL SELECT i + 1 FROM n WHERE i < ?)
       INSERT INTO tag_spend (mode, name, value, bucket, captured_micros, checkpoint_micros)
         SELECT 'live', 'shot', format('%09d', i), 1900000 + i / 100, 1300000, 1300000 FROM n`,
      first,
      first + count - 1,
    );
  }

  async sign(): Promise<void> {
    const { sql } = this.ctx.storage;
    const tenant = (await this.describe())?.tenant ?? "";
    const [spend, holds] = [new MultisetDigest(), new MultisetDigest()];
    for (const row of sql.exec("SELECT * FROM tag_spend")) {
      const { mode, name, value, bucket } = row;
      const key = spendKey(["tag_spend", String(mode), String(name), String(value), Number(bucket)]);
      spend.add(spendItem(key, Number(row["checkpoint_micros"])));
    }
    sql.exec("INSERT INTO checkpoint_holds (job_id, facts) SELECT job_id, facts FROM open_holds");
    const held = { live: 0, test: 0 };
    let openHolds = 0;
    for (const row of sql.exec("SELECT job_id, facts, price_micros FROM open_holds")) {
      holds.add(holdItem(String(row["job_id"]), String(row["facts"])));
      held.live += Number(row["price_micros"]);
      openHolds += 1;
    }
    const [spendDigest, holdsDigest] = [spend.hex, holds.hex];
    const credit = { balanceMicros: 0, limitMicros: null };
    const totals = { captured: { live: 0, test: 0 }, held, openHolds, credit, spendDigest, holdsDigest };
    const { seq, hash } = journalHead(sql);
    const unsigned = { seq, hash, at: Date.now(), entries: seq, totals: JSON.stringify(totals) };
    saveCheckpoint(sql, signCheckpoint(tenant, unsigned, parseConfig(this.#env).secrets));
  }

  async execute(statement: string): Promise<number> {
    return this.ctx.storage.sql.exec(statement).rowsWritten;
  }
}
