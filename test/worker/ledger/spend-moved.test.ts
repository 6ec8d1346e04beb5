import { runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { parseGatewaySecrets } from "../../../src/keys/gateway-secrets.ts";
import { readTotals, signCheckpoint, spendItem } from "../../../src/ledger/audit/checkpoint.ts";
import { lastCheckpoint, saveCheckpoint } from "../../../src/ledger/audit/checkpoint-store.ts";
import { MultisetDigest } from "../../../src/ledger/audit/multiset-digest.ts";
import type { JournalEntry } from "../../../src/ledger/journal-entry.ts";
import { LEDGER_STEPS } from "../../../src/ledger/schema.ts";
import { migrate } from "../../../src/storage/migrate.ts";
import { canonicalJson } from "../../../src/catalog/canonical-json.ts";
import { bucketOf } from "../../../src/ledger/spend-store.ts";
import type { TenantLedgerApi } from "../../../src/ledger/types.ts";
import { auditOf } from "../../support/audit-of.ts";
import { testEnv } from "../../support/test-env.ts";
import * as life from "./long-life.ts";
import { admitted, newKey, PRICE, request, T2V, WHOLE, type TestTenant } from "./tenant.ts";

/** The steps of the schema before tags had a table of their own. */
const STEPS_BEFORE = 3;

const TAGS = [{}, { shot: "1" }, { shot: "2", project: "alpha" }, { shot: "1", project: "alpha" }];

const BUDGETS = [
  { ...WHOLE, id: "all", limitMicros: 1_000 * PRICE },
  { ...WHOLE, id: "alpha", scope: { kind: "tag", name: "project", value: "alpha" }, limitMicros: 1_000 * PRICE },
  { ...WHOLE, id: "shot", scope: { kind: "tag", name: "shot", value: "1" }, limitMicros: 1_000 * PRICE },
  { ...WHOLE, id: "film", scope: { kind: "team", team: "film" }, limitMicros: 1_000 * PRICE },
  { ...WHOLE, id: "model", scope: { kind: "model", model: T2V }, window: "day", limitMicros: 1_000 * PRICE },
] as const;

test("a ledger of the older tables: tags get rows of their own, the audit agrees, budgets count the same", async () => {
  const tenant = await life.checkpointed(20, 2);
  const caller = await newKey(tenant.ledger, "live", { team: "film" });
  for (const tags of TAGS) {
    const [jobId = ""] = admitted([await tenant.ledger.reserve(request(caller, { tags }))]);
    await life.capture(tenant.ledger, jobId);
  }
  for (const budget of BUDGETS) await tenant.ledger.change("put_budget", budget);
  const counted = (await tenant.ledger.budgets()).map((budget) => [budget.id, budget.capturedMicros / PRICE]);
  expect(Object.fromEntries(counted)).toEqual({ all: 24, alpha: 2, shot: 2 + 7, film: 4, model: 24, whole: 24 });
  const rows = await tables(tenant.id);
  await asBefore(tenant);
  await moveOn(tenant.id);
  // Every entry is still here: the checkpoint is gone, and all of it is replayed.
  expect(await life.checkpointSeq(tenant.id)).toBe(0);
  expect(await tables(tenant.id)).toEqual(rows.map((row) => ({ ...row, checkpoint_micros: 0 })));
  expect(await life.sql(tenant.id, "SELECT name FROM sqlite_master WHERE name LIKE 'spend_with%'")).toEqual([]);
  expect(await auditOf(tenant.ledger)).toMatchObject({ consistent: true, fromSeq: 1, entries: 50, openHolds: 2 });
  expect(await life.checkpointSeq(tenant.id)).toBe(50);
  const anew = [];
  for (const budget of BUDGETS) {
    await tenant.ledger.change("put_budget", { ...budget, id: `anew-${budget.id}` });
    anew.push([`anew-${budget.id}`, Object.fromEntries(counted)[budget.id]]);
  }
  const recounted = (await tenant.ledger.budgets()).map((budget) => [budget.id, budget.capturedMicros / PRICE]);
  expect(Object.fromEntries(recounted)).toEqual({ ...Object.fromEntries(counted), ...Object.fromEntries(anew) });
  await life.captured(tenant, 1);
  expect(await auditOf(tenant.ledger)).toMatchObject({ consistent: true, fromSeq: 51 });
  expect((await life.fullAudit(tenant)).report).toMatchObject({ consistent: true });
});

test("a ledger whose first entries are archived keeps its checkpoint, which a full audit then signs anew", async () => {
  const tenant = await life.archived();
  await life.captured(tenant, 3);
  const rows = await tables(tenant.id);
  const { id } = await tenant.ledger.beginAudit({ full: true });
  await asBefore(tenant);
  await moveOn(tenant.id);
  expect(await tables(tenant.id)).toEqual(rows);
  expect(await tenant.ledger.auditJob(id)).toMatchObject({ status: "failed", message: /begun before/ });
  const unfit = { consistent: false, differences: ["checkpoint 60: spend is not what it was"] };
  expect(await auditOf(tenant.ledger)).toMatchObject(unfit);
  expect((await life.fullAudit(tenant)).report).toMatchObject({ consistent: false });
  expect(await auditOf(tenant.ledger)).toMatchObject({ consistent: true, fromSeq: 67 });
  expect((await life.fullAudit(tenant)).report).toMatchObject({ consistent: true, differences: [] });
});

test("what the archive does not prove is not signed anew", async () => {
  const tenant = await life.archived();
  await asBefore(tenant);
  await runInDurableObject(life.stubOf(tenant.id), (_instance, { storage: { sql } }) => {
    sql.exec("UPDATE spend SET captured_micros = captured_micros + 1, checkpoint_micros = checkpoint_micros + 1");
  });
  await moveOn(tenant.id);
  expect((await life.fullAudit(tenant)).report?.consistent).toBe(false);
  expect((await auditOf(tenant.ledger)).differences.join()).toContain("checkpoint 60: spend is not what it was");
});

const tables = async (tenant: string): Promise<Record<string, unknown>[]> => [
  ...(await life.sql(tenant, "SELECT * FROM spend ORDER BY mode, bucket, team, key_id, model")),
  ...(await life.sql(tenant, "SELECT * FROM tag_spend ORDER BY mode, name, value, bucket")),
];

/** A new instance brings the tables to the newest step. */
async function moveOn(tenant: string): Promise<void> {
  await life.evict(tenant);
  const [steps] = await life.sql(tenant, "SELECT COUNT(*) AS n FROM schema_steps");
  expect(steps).toEqual({ n: LEDGER_STEPS.length });
}

/** Puts a ledger back into the older tables, with one row of `spend` for every set of tags. */
async function asBefore(tenant: TestTenant): Promise<void> {
  const spend = await spendByTags(tenant, await life.checkpointSeq(tenant.id));
  await runInDurableObject(life.stubOf(tenant.id), (_instance, { storage }) => {
    const { sql } = storage;
    const names = sql.exec("SELECT name FROM sqlite_master WHERE type = 'table'").toArray();
    const kept = new Map<string, Record<string, SqlStorageValue>[]>();
    for (const name of names.map((row) => String(row["name"])).filter((table) => !table.startsWith("_cf_"))) {
      kept.set(name, sql.exec(`SELECT * FROM ${name}`).toArray());
      sql.exec(`DROP TABLE ${name}`);
    }
    migrate(storage, LEDGER_STEPS.slice(0, STEPS_BEFORE));
    kept.delete("schema_steps");
    kept.delete("tag_spend");
    for (const [older, newer] of [
      ["counters", "budget_counters"],
      ["holds", "open_holds"],
    ] as const) {
      kept.set(older, kept.get(newer) ?? []);
      kept.delete(newer);
    }
    for (const row of kept.get("tenant") ?? []) delete row["revision"];
    kept.set("spend", spend);
    for (const [table, rows] of kept) {
      const known = new Set(
        sql
          .exec(`SELECT name FROM pragma_table_info('${table}')`)
          .toArray()
          .map((c) => c["name"]),
      );
      for (const row of rows) {
        // Columns of later steps are left out: that version did not have them.
        const columns = Object.keys(row).filter((column) => known.has(column));
        const marks = columns.map(() => "?").join(", ");
        const values = columns.map((column) => row[column] ?? null);
        sql.exec(`INSERT INTO ${table} (${columns.join(", ")}) VALUES (${marks})`, ...values);
      }
    }
    signAsBefore(sql, tenant.id, spend);
  });
}

/** A digest of the older rows is what the last checkpoint then signed. */
function signAsBefore(sql: SqlStorage, tenant: string, spend: readonly Record<string, SqlStorageValue>[]): void {
  const checkpoint = lastCheckpoint(sql);
  if (!checkpoint) return;
  const digest = new MultisetDigest();
  for (const { captured_micros: _, checkpoint_micros: micros, ...columns } of spend) {
    if (micros !== 0) digest.add(spendItem(JSON.stringify(Object.values(columns)), Number(micros)));
  }
  const totals = JSON.stringify({ ...readTotals(checkpoint), spendDigest: digest.hex });
  saveCheckpoint(sql, signCheckpoint(tenant, { ...checkpoint, totals }, parseGatewaySecrets(testEnv.WAVEGATE_SECRET)));
}

async function spendByTags({ ledger }: TestTenant, checkpoint: number): Promise<Record<string, SqlStorageValue>[]> {
  const rows = new Map<string, Record<string, SqlStorageValue>>();
  for (const { seq, body } of await allEntries(ledger)) {
    if (body.kind !== "capture") continue;
    const { mode, admittedAt, team, keyId, model, tags, priceMicros } = body.job;
    const columns = {
      mode,
      bucket: bucketOf(admittedAt),
      team: team ?? "",
      key_id: keyId,
      model,
      tags: canonicalJson(tags),
    };
    const key = JSON.stringify(columns);
    const row = rows.get(key) ?? { ...columns, captured_micros: 0, checkpoint_micros: 0 };
    row["captured_micros"] = Number(row["captured_micros"]) + priceMicros;
    if (seq <= checkpoint) row["checkpoint_micros"] = Number(row["captured_micros"]);
    rows.set(key, row);
  }
  return [...rows.values()];
}

/** Archived entries come a segment at a time. */
async function allEntries(ledger: TenantLedgerApi): Promise<JournalEntry[]> {
  const all: JournalEntry[] = [];
  for (;;) {
    const { entries } = await ledger.entries(all.length, 500);
    if (entries.length === 0) return all;
    all.push(...entries);
  }
}
