import { randomBytes } from "node:crypto";
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { chainHash, GENESIS_HASH } from "../../../src/ledger/journal-store.ts";
import { ledgerOf } from "../../../src/ledger/ledger-of.ts";
import { LEDGER_STEPS } from "../../../src/ledger/schema.ts";
import { testEnv } from "../../support/test-env.ts";
import { PRICE, stubOf, T2V } from "./tenant.ts";

const hex = (bytes: number): string => randomBytes(bytes).toString("hex");

/** The Idempotency-Key of the first of the two jobs. */
export const OLD_KEY = "order-0";

/** A job as the first version held it: it knew no prices of a tenant's own, and no credit. */
const oldJob = (tenant: string, keyId: string, admittedAt: number) => ({
  jobId: `${tenant}0000${hex(8)}`,
  mode: "live" as const,
  keyId,
  team: null,
  model: T2V,
  tags: { shot: "12" },
  seconds: 5,
  costMicros: PRICE,
  priceMicros: PRICE,
  rateVersion: 1,
  admittedAt,
});

/** A ledger with only the first step's tables and two open holds, as that version left it, then woken by this one. */
export async function oldLedger() {
  const tenant = hex(6);
  const caller = { keyId: hex(8), keyHash: hex(32), mode: "live" as const, ip: null };
  const since = Date.now() - 3_600_000;
  const jobs = [oldJob(tenant, caller.keyId, since), oldJob(tenant, caller.keyId, since + 1)] as const;
  await ledgerOf(testEnv, tenant).describe();
  await runInDurableObject(stubOf(tenant), (_object, { storage: { sql } }) => {
    forgetTables(sql);
    sql.exec(
      "INSERT INTO tenant (id, tenant, name, time_zone, created_at) VALUES (1, ?, 'old', 'UTC', ?)",
      tenant,
      since,
    );
    sql.exec(
      "INSERT INTO keys VALUES (?, ?, 'wg_live_AgAAAAAA', 'k', 'live', NULL, NULL, ?, NULL, NULL)",
      caller.keyId,
      caller.keyHash,
      since,
    );
    const scope = JSON.stringify({ kind: "tenant" });
    sql.exec("INSERT INTO budgets VALUES ('whole', 'live', 'tenant', ?, 'total', ?, 'UTC')", scope, 10 * PRICE);
    sql.exec("INSERT INTO counters VALUES ('whole', 'total', 0, ?, 2)", 2 * PRICE);
    let previous = GENESIS_HASH;
    for (const [index, job] of jobs.entries()) {
      const body = JSON.stringify({ kind: "hold", job });
      const day = new Date(job.admittedAt).toISOString().slice(0, 10);
      const row = { seq: index + 1, at: job.admittedAt, local_day: day, body };
      previous = chainHash(previous, row);
      sql.exec("INSERT INTO journal VALUES (?, ?, ?, ?, ?)", row.seq, row.at, day, body, previous);
      const scopeOfKey = index === 0 ? `${caller.keyId}|live|${OLD_KEY}` : null;
      sql.exec(
        `INSERT INTO holds (job_id, hold_seq, shard, price_micros, facts, idempotency, admitted_at)
         VALUES (?, ?, 0, ?, ?, ?, ?)`,
        job.jobId,
        row.seq,
        PRICE,
        JSON.stringify(job),
        scopeOfKey,
        job.admittedAt,
      );
      if (scopeOfKey)
        sql.exec("INSERT INTO idempotency VALUES (?, 'a', ?, ?, ?)", scopeOfKey, job.jobId, row.seq, since);
    }
  });
  await evictDurableObject(stubOf(tenant));
  return { tenant, caller, jobs, ledger: ledgerOf(testEnv, tenant) };
}

function forgetTables(sql: SqlStorage): void {
  const tables = sql.exec("SELECT name FROM sqlite_master WHERE type = 'table'").toArray();
  for (const name of tables.map((table) => String(table["name"]))) {
    if (!name.startsWith("_cf_") && !name.startsWith("sqlite_")) sql.exec(`DROP TABLE ${name}`);
  }
  sql.exec("CREATE TABLE schema_steps (step INTEGER PRIMARY KEY) STRICT");
  sql.exec(LEDGER_STEPS[0] ?? "");
  sql.exec("INSERT INTO schema_steps (step) VALUES (1)");
}
