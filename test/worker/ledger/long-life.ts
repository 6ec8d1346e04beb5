import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import type { AuditJob } from "../../../src/ledger/audit/audit-types.ts";
import { countUp } from "../../../src/ledger/count-up.ts";
import type { TenantLedgerApi } from "../../../src/ledger/types.ts";
import { testEnv } from "../../support/test-env.ts";
import { admitted, newTenant, PRICE, request, type TestTenant } from "./tenant.ts";

/** As vitest.config.ts sets them for these tests. */
export const CHECKPOINT_ENTRIES = 40;
export const SEGMENT_ENTRIES = 10;
export const KEEP_ENTRIES = 20;
export const STEP_ENTRIES = 10;

export const stubOf = (tenant: string): DurableObjectStub =>
  testEnv.TENANT_LEDGER.get(testEnv.TENANT_LEDGER.idFromName(tenant));

export const evict = (tenant: string): Promise<void> => evictDurableObject(stubOf(tenant));

/** With every entry counted first, so that there is something to look at, or to tamper with. */
export const sql = (tenant: string, statement: string, ...bound: unknown[]): Promise<Record<string, unknown>[]> =>
  runInDurableObject(stubOf(tenant), (_instance, { storage }) => {
    storage.transactionSync(() => countUp(storage.sql));
    return storage.sql.exec(statement, ...bound).toArray();
  });

/** One alarm, fired by hand: at most one step of upkeep. */
export const ring = (tenant: string): Promise<boolean> => runDurableObjectAlarm(stubOf(tenant));

/** Alarms until `done` says so. */
export async function ringUntil(tenant: string, done: () => Promise<boolean>, alarmsMax = 100): Promise<void> {
  for (let alarms = 0; alarms < alarmsMax; alarms++) {
    if (await done()) return;
    await ring(tenant);
  }
  throw new Error(`not done after ${alarmsMax} alarms`);
}

/** A tenant with so many captured jobs behind it, and D1 said to have it all. */
export async function tenantWith(jobs: number, open = 0): Promise<TestTenant & { jobs: string[] }> {
  const tenant = await newTenant(1_000 * PRICE);
  const made = [...(await captured(tenant, jobs)), ...(await held(tenant, open))];
  return { ...tenant, jobs: made };
}

export async function held({ ledger, caller }: TestTenant, jobs: number): Promise<string[]> {
  const results = [];
  for (let job = 0; job < jobs; job++) {
    results.push(await ledger.reserve(request(caller, { tags: { shot: String(job % 3) } })));
  }
  return admitted(results);
}

export async function captured(tenant: TestTenant, jobs: number): Promise<string[]> {
  const made = await held(tenant, jobs);
  for (const jobId of made) await capture(tenant.ledger, jobId);
  return made;
}

export const capture = (ledger: TenantLedgerApi, jobId: string): Promise<string> => settle(ledger, jobId, "capture");

export const settle = (ledger: TenantLedgerApi, jobId: string, action: "capture" | "release"): Promise<string> =>
  ledger.settle({ jobId, action, outcome: action === "capture" ? "completed" : "failed", reason: "" });

export async function headOf(ledger: TenantLedgerApi): Promise<number> {
  const step = await ledger.auditStep(null);
  return step.state === "running" ? step.targetSeq : step.state === "done" ? step.report.verifiedToSeq : 0;
}

/** As if the ledger had found that D1 has everything up to `seq`, and written it down. */
export async function reported(tenant: string, seq: number): Promise<void> {
  await sql(tenant, "UPDATE tenant SET reported_seq = ? WHERE reported_seq < ?", seq, seq);
}

/** A ledger that has a checkpoint at its head, and D1 to its head. */
export async function checkpointed(jobs: number, open = 0): Promise<TestTenant & { jobs: string[]; seq: number }> {
  const tenant = await tenantWith(jobs, open);
  const seq = jobs * 2 + open;
  await ringUntil(tenant.id, async () => (await checkpointSeq(tenant.id)) === seq);
  await reported(tenant.id, seq);
  return { ...tenant, seq };
}

/** Of the last checkpoint that was verified. */
export async function checkpointSeq(tenant: string): Promise<number> {
  const [row] = await sql(tenant, "SELECT MAX(seq) AS seq FROM checkpoints WHERE totals ->> 'verified'");
  return Number(row?.["seq"] ?? 0);
}

export async function segments(tenant: string): Promise<{ from: number; to: number; key: string; state: string }[]> {
  const rows = await sql(tenant, "SELECT * FROM segments ORDER BY from_seq");
  return rows.map((row) => ({
    from: Number(row["from_seq"]),
    to: Number(row["to_seq"]),
    key: String(row["key"]),
    state: String(row["state"]),
  }));
}

/** The numbers that are in the journal's table still. */
export async function hotSeqs(tenant: string): Promise<number[]> {
  return (await sql(tenant, "SELECT seq FROM journal ORDER BY seq")).map((row) => Number(row["seq"]));
}

/** A checkpointed ledger of 60 entries, of which 40 are archived: 20 stay. */
export async function archived(): Promise<TestTenant & { jobs: string[]; seq: number }> {
  const tenant = await checkpointed(28, 4);
  await ringUntil(tenant.id, async () => (await hotSeqs(tenant.id))[0] === 41);
  return tenant;
}

/** A full audit, driven to its end by alarms. */
export async function fullAudit(tenant: TestTenant): Promise<AuditJob> {
  const { id } = await tenant.ledger.beginAudit({ full: true });
  const job = async (): Promise<AuditJob> => {
    const found = await tenant.ledger.auditJob(id);
    if (!found) throw new Error("the audit is gone");
    return found;
  };
  await ringUntil(tenant.id, async () => (await job()).status !== "running");
  return await job();
}

/** Rows of tag_spend in which nothing was captured: an audit reads them, and they add nothing. */
export async function zeroTags(tenant: string, rows: number): Promise<void> {
  await sql(
    tenant,
    `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
     INSERT INTO tag_spend (mode, name, value, bucket, captured_micros) SELECT 'live', 'take', i, 1, 0 FROM n`,
  );
}
