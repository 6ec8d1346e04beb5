import { runInDurableObject } from "cloudflare:test";
import type { UpstreamAccountApi } from "../../../src/accounts/types.ts";
import type { Job } from "../../../src/jobs/job.ts";
import type { EntryBody } from "../../../src/ledger/journal-entry.ts";
import { testEnv } from "../../support/test-env.ts";
import { Patience } from "./patience.ts";
import { allTrackers, journalOf } from "./rows.ts";
import type { Sea, Tenant } from "./sea.ts";
import { billOf, tasksOf, type BillItem, type Task } from "./upstream.ts";

/** Everything that anybody wrote down of a storm. */
export interface Books {
  journals: Map<Tenant, EntryBody[]>;
  rows: Map<string, Job>;
  /** Permits that trackers keep. */
  permits: number;
  /** Whose a task is, as the accounts have it. */
  owners: Map<string, string>;
  /** What WaveSpeed shows and charges. */
  tasks: Task[];
  items: BillItem[];
  netMicros: number;
}

export async function readBooks(sea: Sea): Promise<Books> {
  const trackers = await allTrackers(sea);
  const bills = await Promise.all(sea.upstreams.map(billOf));
  const journals = new Map<Tenant, EntryBody[]>();
  for (const tenant of sea.tenants) journals.set(tenant, await journalOf(tenant));
  return {
    journals,
    rows: new Map(trackers.flatMap(({ rows }) => rows).map((job) => [job.id, job])),
    permits: trackers.reduce((sum, { permits }) => sum + permits, 0),
    owners: await ownersOf(sea),
    tasks: (await Promise.all(sea.upstreams.map(tasksOf))).flat(),
    items: bills.flatMap(({ items }) => items),
    netMicros: bills.reduce((sum, { net_micros }) => sum + net_micros, 0),
  };
}

const accountStub = (name: string): DurableObjectStub =>
  testEnv.UPSTREAM_ACCOUNT.get(testEnv.UPSTREAM_ACCOUNT.idFromName(name));

export async function ownersOf(sea: Sea): Promise<Map<string, string>> {
  const claims = await Promise.all(
    sea.upstreams.map(({ name }) =>
      runInDurableObject(accountStub(name), (_object, { storage }) =>
        storage.sql.exec("SELECT upstream_id, job_id FROM claims").toArray(),
      ),
    ),
  );
  const rows = claims.flat().map((row) => [String(row["upstream_id"]), String(row["job_id"])] as const);
  return new Map(rows.filter(([task]) => !task.startsWith("none:")));
}

/**
 * Waits until the accounts have all their permits back; leases that would run for minutes end at once, and so does a
 * 429's block: a job that left while its account was not heard goes out of the line when its turn comes.
 */
export async function awaitPermits(sea: Sea): Promise<void> {
  for (const { name } of sea.upstreams) {
    const patience = new Patience(`all permits of ${name} are back`);
    for (;;) {
      const status = await (accountStub(name) as unknown as UpstreamAccountApi).status(name);
      if (status.inUse === 0 && status.waiting === 0) break;
      await runInDurableObject(accountStub(name), async (_object, { storage }) => {
        storage.sql.exec("UPDATE permits SET lease_until = 1");
        storage.sql.exec("UPDATE desk SET blocked_until = 0");
        await storage.setAlarm(Date.now());
      });
      await patience.wait(`${status.inUse} ${status.waiting}`, () => [JSON.stringify(status)]);
    }
  }
}

/** Waits until D1 has as much as the ledger has captured. */
export async function awaitUsage(sea: Sea, tenant: Tenant, captured: { cost: number; price: number }): Promise<void> {
  const patience = new Patience("D1 has what the ledger has");
  for (;;) {
    const { body } = await sea.operator("GET", `/v1/tenants/${tenant.id}/usage`);
    const total = body["total"] as { cost: string; price: string };
    if (micros(total.cost) === captured.cost && micros(total.price) === captured.price) return;
    await patience.wait(total.cost, () => [`${JSON.stringify(total)}, wanted ${JSON.stringify(captured)}`]);
  }
}

/** Reckoned here, not by the gateway's own code. */
export const micros = (decimal: string): number => Number(decimal.replace(".", ""));
