import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { admitted, newKey, newTenant, NOON, PRICE, request } from "./tenant.ts";

const DAY_MS = 86_400_000;
const release = (jobId: string, outcome: "failed" | "never_sent") =>
  ({ jobId, action: "release", outcome, reason: "x" }) as const;
const capture = (jobId: string) => ({ jobId, action: "capture", outcome: "completed", reason: "" }) as const;

beforeEach(() => void vi.setSystemTime(NOON));
afterEach(() => void vi.useRealTimers());

/** A tenant whose key takes equal submits within a minute for one. */
async function deduping() {
  const { ledger } = await newTenant(100 * PRICE);
  return { ledger, caller: await newKey(ledger, "live", { dedupeWindowSeconds: 60 }) };
}

describe("a key's dedupe window", () => {
  test("makes equal submits one job, many at once, and not one millisecond longer than it says", async () => {
    const { ledger, caller } = await deduping();
    const results = await Promise.all(Array.from({ length: 20 }, () => ledger.reserve(request(caller))));
    expect(new Set(admitted(results)).size).toBe(1);
    vi.setSystemTime(NOON + 59_999);
    expect(await ledger.reserve(request(caller))).toMatchObject({ value: { replayed: true } });
    vi.setSystemTime(NOON + 60_000);
    expect(await ledger.reserve(request(caller))).toMatchObject({ value: { replayed: false } });
  });

  test("leaves other bodies, other keys and submits with an Idempotency-Key alone", async () => {
    const { ledger, caller } = await deduping();
    const other = await newKey(ledger, "live", { dedupeWindowSeconds: 60 });
    const asked = [
      request(caller),
      request(caller, { bodyHash: "b" }),
      request(other),
      request(caller, { idempotencyKey: "k" }),
    ];
    const results = await Promise.all(asked.map((job) => ledger.reserve(job)));
    expect(new Set(admitted(results)).size).toBe(4);
  });

  test("forgets a job that failed: a second try is no repeat; one that was captured is kept", async () => {
    const { ledger, caller } = await deduping();
    const [failed = ""] = admitted([await ledger.reserve(request(caller))]);
    await ledger.settle(release(failed, "failed"));
    const [second = ""] = admitted([await ledger.reserve(request(caller))]);
    expect(second).not.toBe(failed);
    await ledger.settle(capture(second));
    expect(await ledger.reserve(request(caller))).toMatchObject({ value: { replayed: true, open: false } });
  });

  test("is off unless somebody chose it, and acts from when it is chosen", async () => {
    const { ledger, caller } = await newTenant(100 * PRICE);
    await ledger.reserve(request(caller));
    await ledger.change("update_key", { id: caller.keyId, patch: { dedupeWindowSeconds: 60 } });
    const [job = ""] = admitted([await ledger.reserve(request(caller))]);
    expect(await ledger.reserve(request(caller))).toMatchObject({ value: { replayed: true, job: { jobId: job } } });
  });
});

describe("an Idempotency-Key of a submit", () => {
  test("is kept for 48 hours", async () => {
    const { ledger, caller } = await newTenant(100 * PRICE);
    const same = request(caller, { idempotencyKey: "once" });
    await ledger.reserve(same);
    vi.setSystemTime(NOON + 2 * DAY_MS - 1);
    expect(await ledger.reserve(same)).toMatchObject({ value: { replayed: true } });
    vi.setSystemTime(NOON + 2 * DAY_MS);
    expect(await ledger.reserve(same)).toMatchObject({ value: { replayed: false } });
  });

  test("that a later job took over is not freed by the earlier job", async () => {
    const { ledger, caller } = await newTenant(100 * PRICE);
    const same = request(caller, { idempotencyKey: "once" });
    const [first = ""] = admitted([await ledger.reserve(same)]);
    vi.setSystemTime(NOON + 2 * DAY_MS);
    const [second = ""] = admitted([await ledger.reserve(same)]);
    await ledger.settle(release(first, "never_sent"));
    expect(await ledger.reserve(same)).toMatchObject({ value: { replayed: true, job: { jobId: second } } });
  });
});

describe("an Idempotency-Key of a change", () => {
  const once = (bodyHash: string) => ({ actor: "op_1", once: { scope: "op_1 top-up k", bodyHash } });
  const topUp = { amountMicros: PRICE, reason: "invoice 7" };

  test("does it once, many at once, and answers the same to the last byte, also later", async () => {
    const { ledger } = await newTenant(null);
    const answers = await Promise.all(Array.from({ length: 10 }, () => ledger.change("top_up", topUp, once("a"))));
    await ledger.change("top_up", topUp);
    answers.push(await ledger.change("top_up", topUp, once("a")));
    expect(answers.filter((answer) => !answer.replayed)).toHaveLength(1);
    expect(new Set(answers.map((answer) => JSON.stringify(answer.ok && answer.value))).size).toBe(1);
    expect(await ledger.credit()).toMatchObject({ balanceMicros: 2 * PRICE });
  });

  test("with another body is a conflict, and changes nothing", async () => {
    const { ledger } = await newTenant(null);
    await ledger.change("top_up", topUp, once("a"));
    const other = await ledger.change("top_up", { ...topUp, amountMicros: 1 }, once("b"));
    expect(other).toMatchObject({ ok: false, error: { code: "idempotency_conflict" }, replayed: false });
    expect(await ledger.credit()).toMatchObject({ balanceMicros: PRICE });
    expect(await ledger.entries(0, 10)).toMatchObject({ headSeq: 1 });
  });

  test("does not keep a refusal: the same call may succeed later", async () => {
    const { ledger } = await newTenant(null);
    const adjust = () => ledger.change("adjust_credit", topUp, once("a"));
    expect(await adjust()).toMatchObject({ error: { code: "not_found" } });
    await ledger.change("set_credit_limit", { limitMicros: 0 });
    expect(await adjust()).toMatchObject({ ok: true, replayed: false });
    expect(await adjust()).toMatchObject({ ok: true, replayed: true });
  });

  test("is kept for 48 hours", async () => {
    const { ledger } = await newTenant(null);
    await ledger.change("top_up", topUp, once("a"));
    vi.setSystemTime(NOON + 2 * DAY_MS - 1);
    expect(await ledger.change("top_up", topUp, once("a"))).toMatchObject({ replayed: true });
    vi.setSystemTime(NOON + 2 * DAY_MS);
    expect(await ledger.change("top_up", topUp, once("a"))).toMatchObject({ replayed: false });
  });
});
