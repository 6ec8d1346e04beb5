import { abortAllDurableObjects, evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { ledgerOf } from "../../../../src/ledger/ledger-of.ts";
import { TenantLedger } from "../../../../src/ledger/tenant-ledger.ts";
import type { TenantLedgerApi } from "../../../../src/ledger/types.ts";
import { testEnv } from "../../../support/test-env.ts";

/** A ledger under test. */
export interface Real {
  tenant: string;
  ledger: () => TenantLedgerApi;
  alarm: () => Promise<void>;
  /** Its instance is lost and a new one finds what was stored. */
  forget: () => Promise<void>;
  /** Its tracker has the job from now on; null: this ledger's trackers are real ones, which hear of no job here. */
  arrive: ((jobId: string) => void) | null;
}

const stubOf = (tenant: string): DurableObjectStub =>
  testEnv.TENANT_LEDGER.get(testEnv.TENANT_LEDGER.idFromName(tenant));

/** Over RPC, as the Worker calls it; the runtime itself makes it forget, gently and by force in turn. */
export function overRpc(tenant: string): Real {
  let gently = false;
  return {
    tenant,
    ledger: () => ledgerOf(testEnv, tenant),
    alarm: async () => void (await runDurableObjectAlarm(stubOf(tenant))),
    forget: () => {
      gently = !gently;
      return gently ? evictDurableObject(stubOf(tenant)) : abortAllDurableObjects();
    },
    arrive: null,
  };
}

/**
 * The same methods called inside the object, and each history in tables that were emptied: a hundred times
 * as many histories. Forgetting is what an eviction is to an object: a new instance over the same storage.
 */
export const inside = (tenant: string, play: (real: Real) => Promise<void>): Promise<void> =>
  runInDurableObject(stubOf(tenant), async (_instance, state) => {
    empty(state.storage.sql);
    const arrived = new Set<string>();
    const env = { ...testEnv, JOB_TRACKER: trackersWith(arrived) };
    let ledger = new TenantLedger(state, env);
    await play({
      tenant,
      ledger: () => ledger,
      alarm: () => ledger.alarm(),
      forget: async () => {
        ledger = new TenantLedger(state, env);
      },
      arrive: (jobId) => void arrived.add(jobId),
    });
  });

/** Trackers that know these jobs, and void all others. */
function trackersWith(arrived: ReadonlySet<string>): DurableObjectNamespace {
  const tracker = {
    voidUnstarted: async (jobIds: string[]) => ({
      known: jobIds.filter((id) => arrived.has(id)),
      voided: jobIds.filter((id) => !arrived.has(id)),
    }),
  };
  return { idFromName: (name: string) => name, get: () => tracker } as unknown as DurableObjectNamespace;
}

function empty(sql: SqlStorage): void {
  const tables = sql.exec("SELECT name FROM sqlite_master WHERE type = 'table'").toArray();
  for (const name of tables.map((table) => String(table["name"]))) {
    if (name !== "schema_steps" && !name.startsWith("_cf_")) sql.exec(`DELETE FROM ${name}`);
  }
}
