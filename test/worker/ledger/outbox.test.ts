import { runInDurableObject } from "cloudflare:test";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { UsageBatch } from "../../../src/ledger/journal-entry.ts";
import { Outbox } from "../../../src/ledger/outbox.ts";
import { completeTo } from "../../../src/reporting/index.ts";
import { testEnv } from "../../support/test-env.ts";
import * as life from "./long-life.ts";
import { PRICE, type TestTenant } from "./tenant.ts";

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
function sentBy(
  tenant: TestTenant,
  d1: () => Promise<number>,
  work: (outbox: Outbox) => Promise<void>,
): Promise<number[][]> {
  return runInDurableObject(life.stubOf(tenant.id), async (_instance, { storage }) => {
    const sent: number[][] = [];
    const send = async ({ entries }: UsageBatch) => sent.push(entries.map(({ seq }) => seq));
    await work(new Outbox(storage.sql, { send } as unknown as Queue<UsageBatch>, d1));
    return sent;
  });
}

const range = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i);

describe("a new instance, which does not know what the last one sent", () => {
  test("sends up to a message's worth again without asking", async () => {
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
    expect(await sentBy(tenant, away, (outbox) => outbox.flush(tenant.id))).toEqual([range(11, 30), range(31, 40)]);
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

  test("writes down what D1 has when the ledger comes to rest, and rests", async () => {
    const tenant = await life.tenantWith(1, 1);
    await untilD1Has(tenant, 3);
    await life.ring(tenant.id);
    // The open job's next entry would outdate it.
    expect(await writtenDown(tenant)).toBe(0);
    await life.capture(tenant.ledger, tenant.jobs[1] ?? "");
    await untilD1Has(tenant, 4);
    await life.ring(tenant.id);
    expect(await writtenDown(tenant)).toBe(4);
    expect(await alarmOf(tenant)).toBeNull();
    await life.evict(tenant.id);
    await tenant.ledger.budgets();
    expect(await alarmOf(tenant)).toBeNull();
  });

  test("writes it down beside open jobs, too, once it is a message's worth", async () => {
    const tenant = await life.tenantWith(10, 1);
    await untilD1Has(tenant, 21);
    await life.ring(tenant.id);
    expect(await writtenDown(tenant)).toBe(21);
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
