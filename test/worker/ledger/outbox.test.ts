import { runInDurableObject } from "cloudflare:test";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { JournalEntry, UsageBatch } from "../../../src/ledger/journal-entry.ts";
import { Outbox } from "../../../src/ledger/outbox.ts";
import { applyEntries, completeTo } from "../../../src/reporting/index.ts";
import { testEnv } from "../../support/test-env.ts";
import * as life from "./long-life.ts";
import { PRICE, request, type TestTenant } from "./tenant.ts";

afterEach(() => void vi.restoreAllMocks());

/** D1 has this much of it, by its own queue and consumer. */
const untilD1Has = (tenant: TestTenant, seq: number) =>
  expect.poll(async () => (await completeTo(testEnv.REPORT, tenant.id)).seq, { timeout: 10_000 }).toBe(seq);

const writtenDown = async (tenant: TestTenant): Promise<unknown> =>
  (await life.sql(tenant.id, "SELECT reported_seq FROM tenant"))[0]?.["reported_seq"];

const alarmOf = (tenant: TestTenant): Promise<number | null> =>
  runInDurableObject(life.stubOf(tenant.id), (_instance, { storage }) => storage.getAlarm());

const usageOf = (tenant: TestTenant) =>
  testEnv.REPORT.prepare("SELECT jobs, price_micros AS price FROM usage_days WHERE tenant = ?").bind(tenant.id).first();

/** Messages that were sent while `work` ran on an outbox of its own: an instance of the ledger as it wakes. */
function messagesOf(
  tenant: TestTenant,
  d1: () => Promise<number>,
  work: (outbox: Outbox) => Promise<void>,
): Promise<JournalEntry[][]> {
  return runInDurableObject(life.stubOf(tenant.id), async (_instance, { storage }) => {
    const sent: JournalEntry[][] = [];
    const send = async ({ entries }: UsageBatch) => sent.push(entries);
    await work(new Outbox(storage.sql, { send } as unknown as Queue<UsageBatch>, d1));
    return sent;
  });
}

const sentBy = async (...asked: Parameters<typeof messagesOf>): Promise<number[][]> =>
  (await messagesOf(...asked)).map((entries) => entries.map(({ seq }) => seq));

const range = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i);

describe("a new instance, which does not know what the last one sent", () => {
  test("sends up to 20 entries again without asking", async () => {
    const tenant = await life.tenantWith(10);
    const never = () => Promise.reject(new Error("not to be asked"));
    expect(await sentBy(tenant, never, (outbox) => outbox.flush(tenant.id))).toEqual([range(1, 20)]);
  });

  test("asks D1 first where there is more, and sends what D1 has not", async () => {
    const tenant = await life.tenantWith(20);
    expect(
      await sentBy(
        tenant,
        async () => 37,
        (outbox) => outbox.flush(tenant.id),
      ),
    ).toEqual([[38, 39, 40]]);
  });

  test("goes by what was written down if D1 is away", async () => {
    const tenant = await life.tenantWith(20);
    await life.reported(tenant.id, 10);
    const away = () => Promise.reject(new Error("D1 is away"));
    expect(await sentBy(tenant, away, (outbox) => outbox.flush(tenant.id))).toEqual([range(11, 40)]);
  });
});

describe("a message", () => {
  const flush = (outbox: Outbox) => outbox.flush("000000000000");
  const none = async () => 0;

  test("holds 100 entries at most", async () => {
    const tenant = await life.tenantWith(0, 250);
    expect(await sentBy(tenant, none, flush)).toEqual([range(1, 100), range(101, 200), range(201, 250)]);
  });

  test("holds as many long entries as a queue takes for one", async () => {
    const tenant = await life.tenantWith(0);
    const tags = Object.fromEntries(range(0, 9).map((at) => [`${at}`.padEnd(64, "n"), "ä".repeat(200)]));
    for (const _ of range(1, 30)) await tenant.ledger.reserve(request(tenant.caller, { tags }));
    const messages = await messagesOf(tenant, none, flush);
    expect(messages.flat().map(({ seq }) => seq)).toEqual(range(1, 30));
    expect(messages.length).toBeGreaterThan(1);
    for (const entries of messages) {
      expect(Buffer.byteLength(JSON.stringify({ tenant: tenant.id, entries }))).toBeLessThan(64_000);
      // The next would not have fitted, but after the last.
      if (entries !== messages.at(-1)) expect(entries.length).toBeGreaterThanOrEqual(10);
    }
  });

  test("holds one entry that is longer than that", async () => {
    const tenant = await life.tenantWith(0);
    for (const at of range(1, 3)) {
      await tenant.ledger.reserve(request(tenant.caller, { tags: { shot: `${at}`.repeat(70_000) } }));
    }
    expect(await sentBy(tenant, none, flush)).toEqual([[1], [2], [3]]);
  });
});

describe("an alarm", () => {
  test("sends again what D1 has not, and nothing that it has", async () => {
    const tenant = await life.tenantWith(3);
    expect(
      await sentBy(
        tenant,
        async () => 4,
        (outbox) => outbox.sendMissing(tenant.id),
      ),
    ).toEqual([[5, 6]]);
    expect(
      await sentBy(
        tenant,
        async () => 6,
        (outbox) => outbox.sendMissing(tenant.id),
      ),
    ).toEqual([]);
  });

  test("whose queue lost a message: D1 has it after the next", async () => {
    const lost = vi.spyOn(Outbox.prototype, "flush").mockResolvedValue();
    const tenant = await life.tenantWith(2);
    expect(await completeTo(testEnv.REPORT, tenant.id)).toMatchObject({ seq: 0 });
    lost.mockRestore();
    await life.ring(tenant.id);
    await untilD1Has(tenant, 4);
    expect(await alarmOf(tenant)).not.toBeNull();
  });

  test("finds that D1 has all, writes nothing down for that, and rests", async () => {
    const tenant = await life.tenantWith(1, 1);
    await untilD1Has(tenant, 3);
    await life.ring(tenant.id);
    await life.capture(tenant.ledger, tenant.jobs[1] ?? "");
    await untilD1Has(tenant, 4);
    await life.ring(tenant.id);
    expect(await writtenDown(tenant)).toBe(0);
    expect(await alarmOf(tenant)).toBeNull();
  });

  test("writes down what D1 has once it is 20 entries", async () => {
    const tenant = await life.tenantWith(10, 1);
    await untilD1Has(tenant, 21);
    await life.ring(tenant.id);
    expect(await writtenDown(tenant)).toBe(21);
  });
});

describe("an instance that finds no alarm", () => {
  /** What its question to D1 came to, and whether it then set an alarm. */
  async function wakes(tenant: TestTenant, d1?: () => Promise<boolean>): Promise<{ asked: unknown[]; armed: boolean }> {
    const asks = vi.spyOn(Outbox.prototype, "isBehind");
    if (d1) asks.mockImplementation(d1);
    await runInDurableObject(life.stubOf(tenant.id), (_instance, { storage }) => storage.deleteAlarm());
    await life.evict(tenant.id);
    await tenant.ledger.budgets();
    const asked = await Promise.all(asks.mock.results.map(({ value }) => (value as Promise<boolean>).catch(String)));
    asks.mockRestore();
    return { asked, armed: (await alarmOf(tenant)) !== null };
  }

  test("asks D1, and rests where it has all", async () => {
    const tenant = await life.tenantWith(2);
    await untilD1Has(tenant, 4);
    expect(await wakes(tenant)).toEqual({ asked: [false], armed: false });
  });

  test("after alarm and message were both lost: sets it, and D1 has the entries after it", async () => {
    const lost = vi.spyOn(Outbox.prototype, "flush").mockResolvedValue();
    const tenant = await life.tenantWith(2);
    lost.mockRestore();
    expect(await wakes(tenant)).toEqual({ asked: [true], armed: true });
    await life.ring(tenant.id);
    await untilD1Has(tenant, 4);
    expect(await usageOf(tenant)).toEqual({ jobs: 2, price: 2 * PRICE });
  });

  test("after a message of which a later one arrived: the gap is found, and closed", async () => {
    const lost = vi.spyOn(Outbox.prototype, "flush").mockResolvedValue();
    const tenant = await life.tenantWith(3);
    lost.mockRestore();
    const { entries } = await tenant.ledger.entries(4, 2);
    await applyEntries(testEnv.REPORT, tenant.id, entries);
    expect(await wakes(tenant)).toEqual({ asked: [true], armed: true });
    await life.ring(tenant.id);
    await untilD1Has(tenant, 6);
    expect(await usageOf(tenant)).toEqual({ jobs: 3, price: 3 * PRICE });
  });

  test("while D1 is away: sets the alarm, which asks again", async () => {
    const tenant = await life.tenantWith(1);
    await untilD1Has(tenant, 2);
    const away = () => Promise.reject(new Error("D1 is away"));
    expect(await wakes(tenant, away)).toEqual({ asked: ["Error: D1 is away"], armed: true });
    await life.ring(tenant.id);
    expect(await alarmOf(tenant)).toBeNull();
  });

  test("does not ask D1 where all that it has is written down", async () => {
    const tenant = await life.tenantWith(1);
    await untilD1Has(tenant, 2);
    await life.reported(tenant.id, 2);
    expect(await wakes(tenant)).toEqual({ asked: [], armed: false });
  });
});

test("a ledger evicted before it wrote down what D1 has sends it again, and D1 counts it once", async () => {
  const tenant = await life.tenantWith(1, 1);
  await untilD1Has(tenant, 3);
  await life.evict(tenant.id);
  await life.capture(tenant.ledger, tenant.jobs[1] ?? "");
  await untilD1Has(tenant, 4);
  expect(await writtenDown(tenant)).toBe(0);
  expect(await usageOf(tenant)).toEqual({ jobs: 2, price: 2 * PRICE });
});
