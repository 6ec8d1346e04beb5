import { describe, expect, test } from "vitest";
import { newKey, newTenant, PRICE, request, WHOLE } from "./tenant.ts";

describe("the name of the sandbox's own budget is kept for it", () => {
  test("a live budget cannot have it, so that no sandbox submit takes its place", async () => {
    const { ledger, caller } = await newTenant(null);
    await ledger.change("put_budget", { ...WHOLE, limitMicros: 9 * PRICE });
    const stolen = await ledger.change("put_budget", { ...WHOLE, id: "sandbox-default", limitMicros: PRICE });
    expect(stolen).toMatchObject({ error: { code: "conflict" } });
    await ledger.reserve(request(await newKey(ledger, "test")));
    await ledger.reserve(request(caller));
    expect(await ledger.budgets()).toMatchObject([
      { id: "sandbox-default", mode: "test", limitMicros: 100_000_000, heldMicros: PRICE },
      { id: "whole", mode: "live", heldMicros: PRICE },
    ]);
  });

  test("the sandbox's allowance itself may be changed under it", async () => {
    const { ledger } = await newTenant(null);
    const caller = await newKey(ledger, "test");
    await ledger.reserve(request(caller));
    const put = await ledger.change("put_budget", {
      ...WHOLE,
      id: "sandbox-default",
      mode: "test",
      limitMicros: PRICE,
    });
    expect(put).toMatchObject({ value: { heldMicros: PRICE } });
    expect(await ledger.reserve(request(caller))).toMatchObject({ error: { code: "budget_exceeded" } });
  });
});
