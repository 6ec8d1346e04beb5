import { runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { countStatements } from "../../../bench/ledger/count-statements.ts";
import type { TenantLedger } from "../../../src/ledger/tenant-ledger.ts";
import * as life from "./long-life.ts";
import { admitted, PRICE, request, WHOLE } from "./tenant.ts";

test("a job of one tenant's and one key's budget writes two rows as it is held and two as it is captured", async () => {
  const { id, ledger, caller } = await life.tenantWith(1);
  const scope = { kind: "key", key: caller.keyId } as const;
  await ledger.change("put_budget", { ...WHOLE, id: "key", scope, window: "day", limitMicros: 9 * PRICE });
  await runInDurableObject(life.stubOf(id), async (instance, { storage: { sql } }) => {
    const inside = instance as TenantLedger;
    let jobId = "";
    const held = await countStatements(sql, async () => {
      [jobId = ""] = admitted([await inside.reserve(request(caller))]);
    });
    const captured = await countStatements(sql, () => life.capture(inside, jobId));
    // Journal, hold; journal, hold. Counters and spend follow, for many entries at a time.
    expect([held.rowsWritten, captured.rowsWritten]).toEqual([2, 2]);
  });
});
