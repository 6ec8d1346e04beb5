import { describe, expect, test } from "vitest";
import { admitted, newKey, newTenant, PRICE, request, WHOLE } from "./tenant.ts";

describe("a preview of a budget", () => {
  const scope = { kind: "team", team: "film" } as const;

  test("is what put_budget then answers, for a new budget and for another limit or scope", async () => {
    const { ledger } = await newTenant(100 * PRICE);
    const caller = await newKey(ledger, "live", { team: "film" });
    await ledger.reserve(request(caller));
    await ledger.reserve(request(caller));
    const asked = [
      { ...WHOLE, id: "film", scope, limitMicros: 5 * PRICE },
      { ...WHOLE, id: "film", scope, limitMicros: PRICE },
      { ...WHOLE, id: "film", scope: { kind: "team" as const, team: "other" }, limitMicros: PRICE },
    ];
    for (const input of asked) {
      const preview = await ledger.change("preview_budget", input);
      const put = await ledger.change("put_budget", input);
      expect(preview).toEqual(put);
    }
  });

  test("changes nothing, and counts nothing of its own", async () => {
    const { ledger, caller } = await newTenant(10 * PRICE);
    await ledger.reserve(request(caller));
    const before = [await ledger.budgets(), await ledger.entries(0, 500)];
    const preview = await ledger.change("preview_budget", { ...WHOLE, limitMicros: PRICE / 2 });
    expect(preview).toMatchObject({ ok: true, value: { heldMicros: PRICE, limitMicros: PRICE / 2 } });
    expect([await ledger.budgets(), await ledger.entries(0, 500)]).toEqual(before);
    expect((await ledger.reserve(request(caller))).ok).toBe(true);
  });

  test("is refused as put_budget is", async () => {
    const { ledger } = await newTenant(PRICE);
    const within = { actor: "person:1", within: true };
    const whole = await ledger.change("preview_budget", WHOLE, within);
    expect(whole).toMatchObject({ ok: false, error: { code: "forbidden" } });
    const stranger = { ...WHOLE, id: "k", scope: { kind: "key" as const, key: "f".repeat(16) } };
    expect(await ledger.change("preview_budget", stranger)).toEqual(await ledger.change("put_budget", stranger));
  });
});

describe("what a window had used before a time", () => {
  const QUARTER_MS = 900_000;
  const quarters = (n: number) => (Math.floor(Date.now() / QUARTER_MS) + n) * QUARTER_MS;

  test("is what jobs that were admitted before it have captured and hold, of the budget's scope alone", async () => {
    const { ledger, caller } = await newTenant(100 * PRICE);
    const film = await newKey(ledger, "live", { team: "film" });
    const [kept = "", failed = ""] = admitted([
      await ledger.reserve(request(film)),
      await ledger.reserve(request(film)),
      await ledger.reserve(request(film)),
      await ledger.reserve(request(caller)),
    ]);
    await ledger.settle({ jobId: kept, action: "capture", outcome: "completed", reason: "" });
    await ledger.settle({ jobId: failed, action: "release", outcome: "failed", reason: "" });
    const scope = { kind: "team", team: "film" } as const;
    const before = async (at: number) => {
      const used = await ledger.change("used_before", { ...WHOLE, id: "film", scope, before: at });
      return used.ok ? used.value : used.error;
    };
    // Two quarters: one may begin while this runs.
    expect(await before(quarters(2))).toBe(2 * PRICE);
    expect(await before(quarters(-1))).toBe(0);
    const daily = { ...WHOLE, window: "day" as const, before: quarters(2) + 2 * 86_400_000 };
    expect(await ledger.change("used_before", daily)).toMatchObject({ ok: true, value: 0 });
  });

  test("is asked by whoever may make such a budget", async () => {
    const { ledger } = await newTenant(PRICE);
    const asked = await ledger.change(
      "used_before",
      { ...WHOLE, before: quarters(0) },
      { actor: "person:1", within: true },
    );
    expect(asked).toMatchObject({ ok: false, error: { code: "forbidden" } });
  });
});
