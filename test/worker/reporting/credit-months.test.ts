import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { EntryBody, JournalEntry } from "../../../src/ledger/journal-entry.ts";
import {
  advanceWatermark,
  applyEntries,
  creditOfMonth,
  rebuildReport,
  replayJournal,
  type CreditSums,
} from "../../../src/reporting/index.ts";
import { databases, newTenant } from "./databases.ts";
import { completedJobs, ledgerWith } from "./journals.ts";

const { report } = await databases();
const seed = Date.now() % 2 ** 31;
console.info(`fast-check seed: ${seed}`);

const FIRST = Date.UTC(2026, 0, 29);
const HOUR_MS = 3_600_000;

/** What happens, one entry after the other, some hours or some weeks apart. */
const happenings = fc.array(
  fc.record({
    hours: fc.oneof({ weight: 6, arbitrary: fc.nat(30) }, { weight: 1, arbitrary: fc.nat(1_500) }),
    what: fc.oneof(
      fc.record({ price: fc.nat(3_000_000), onCredit: fc.boolean() }),
      fc.record({
        cause: fc.constantFrom("top_up" as const, "adjustment" as const),
        amount: fc.oneof(fc.integer(), fc.constantFrom(5, -5)),
      }),
    ),
  }),
  { minLength: 1, maxLength: 160 },
);
type Happening = typeof happenings extends fc.Arbitrary<(infer One)[]> ? One : never;

function bodyOf(tenant: string, { what }: Happening): EntryBody {
  if ("cause" in what) {
    const { cause, amount: amountMicros } = what;
    return { kind: "credit", cause, amountMicros, balanceMicros: 0, reason: "r", actor: "a" };
  }
  const [, capture] = completedJobs(tenant, [{ priceMicros: what.price, onCredit: what.onCredit }]);
  if (capture?.body.kind !== "capture") throw new Error("a completed job is captured");
  return capture.body;
}

function journalOf(tenant: string, plan: readonly Happening[]): JournalEntry[] {
  let at = FIRST;
  return plan.map((one, index) => {
    at += one.hours * HOUR_MS;
    const localDay = new Date(at + HOUR_MS).toISOString().slice(0, 10);
    return { seq: index + 1, at, localDay, body: bodyOf(tenant, one), hash: `h${index + 1}` };
  });
}

/** The same from the whole journal, without any SQL: what had moved the credit up to a month, or before it. */
function expected(journal: readonly JournalEntry[], month: string, isIn: (of: string, month: string) => boolean) {
  const sums: CreditSums = { movedMicros: 0, capturedMicros: 0 };
  for (const { localDay, body } of journal) {
    if (!isIn(localDay.slice(0, 7), month)) continue;
    if (body.kind === "credit") sums.movedMicros += body.amountMicros;
    if (body.kind === "capture" && body.job.onCredit) sums.capturedMicros += body.job.priceMicros;
  }
  return sums;
}

async function compare(tenant: string, journal: readonly JournalEntry[]): Promise<void> {
  const last = journal.at(-1)?.localDay.slice(0, 7) ?? "";
  const months = Array.from({ length: 40 }, (_, index) =>
    new Date(Date.UTC(2025, 11 + index, 1)).toISOString().slice(0, 7),
  );
  for (const month of months.filter((one, index) => one <= last || months[index - 1] === last)) {
    expect([month, await creditOfMonth(report, tenant, month)]).toEqual([
      month,
      {
        before: expected(journal, month, (of, asked) => of < asked),
        end: expected(journal, month, (of, asked) => of <= asked),
        seq: journal.length,
      },
    ]);
  }
}

test("each month begins with what the one before it ended with, in whatever order and how often entries came", async () => {
  const scenario = happenings.chain((plan) =>
    fc.record({
      plan: fc.constant(plan),
      order: fc.shuffledSubarray([...plan.keys()], { minLength: plan.length }),
      atOnce: fc.integer({ min: 1, max: 60 }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(scenario, async ({ plan, order, atOnce }) => {
      const tenant = newTenant();
      const journal = journalOf(tenant, plan);
      for (let first = 0; first < order.length; first += atOnce) {
        const entries = order.slice(first, first + atOnce).map((index) => journal[index]!);
        await applyEntries(report, tenant, [...entries, ...journal.slice(0, 2)]);
        await Promise.all([advanceWatermark(report, tenant), advanceWatermark(report, tenant)]);
      }
      await compare(tenant, journal);
    }),
    { seed, numRuns: 25 },
  );
}, 120_000);

test.each([1, 2, 3, 10])(
  "a credit that comes back to nothing was at nothing by then (%i entries at once)",
  async (atOnce) => {
    const tenant = newTenant();
    const top = (hours: number, amount: number) => ({ hours, what: { cause: "top_up" as const, amount } });
    const idle = { hours: 10, what: { price: 1, onCredit: false } };
    const month = 24 * 31;
    const fill = Array.from({ length: 60 }, () => ({ ...idle, hours: 0 }));
    // One month gives what the next one takes back; and so once more.
    const plan = [top(0, 5), ...fill, top(month, -5), ...fill, top(month, 7), top(month, -7), ...fill, top(month, 0)];
    const journal = journalOf(tenant, plan);
    for (let first = 0; first < journal.length; first += atOnce * 62) {
      await applyEntries(report, tenant, journal.slice(first, first + atOnce * 62));
      await advanceWatermark(report, tenant);
    }
    await compare(tenant, journal);
  },
);

test("what comes after a gap is not told before the gap is filled", async () => {
  const tenant = newTenant();
  const top = (amount: number) => ({ hours: 0, what: { cause: "top_up" as const, amount } });
  const journal = journalOf(tenant, [top(1), top(10), top(100)]);
  await applyEntries(report, tenant, [journal[0]!, journal[2]!]);
  expect(await creditOfMonth(report, tenant, "2026-01")).toMatchObject({ end: { movedMicros: 1 }, seq: 1 });
  await applyEntries(report, tenant, journal);
  expect(await creditOfMonth(report, tenant, "2026-01")).toMatchObject({ end: { movedMicros: 111 }, seq: 3 });
});

test.each([20, 120])("entries from before credit was counted (%i) make it unknown, until a rebuild", async (length) => {
  const tenant = newTenant();
  const plan = fc.sample(happenings, { numRuns: 40, seed }).flat().slice(0, length);
  const journal = journalOf(tenant, plan);
  await applyEntries(report, tenant, journal.slice(0, length - 5));
  await report
    .prepare("UPDATE usage_events SET credit_micros = NULL, local_day = '' WHERE tenant = ?1")
    .bind(tenant)
    .run();
  await replayJournal(report, tenant, ledgerWith(journal), 1_000);
  const last = journal.at(-1)?.localDay.slice(0, 7) ?? "";
  expect(await creditOfMonth(report, tenant, last)).toBe(null);
  expect(await creditOfMonth(report, tenant, "2026-01")).toBe(null);
  await rebuildReport(report, tenant, ledgerWith(journal), 1_000);
  await compare(tenant, journal);
});

test("credit that is not known any more, as where a release from before counted between, stays so and stops nothing", async () => {
  const tenant = newTenant();
  const idle = (hours: number) => ({ hours, what: { price: 1, onCredit: false } });
  const month = () => [idle(24 * 31), ...Array.from({ length: 60 }, () => idle(0))];
  const given = { hours: 0, what: { cause: "top_up" as const, amount: 5 } };
  const journal = journalOf(tenant, [given, ...month(), ...month(), ...month(), ...month()]);
  await replayJournal(report, tenant, ledgerWith(journal.slice(0, 123)), 1_000);
  expect(await creditOfMonth(report, tenant, "2026-02")).toMatchObject({ end: { movedMicros: 5 } });
  await applyEntries(report, tenant, journal.slice(123, 184));
  await report
    .prepare("UPDATE usage_events SET credit_micros = NULL WHERE tenant = ?1 AND seq = 150")
    .bind(tenant)
    .run();
  await advanceWatermark(report, tenant);
  expect(await replayJournal(report, tenant, ledgerWith(journal), 1_000)).toMatchObject({ watermark: journal.length });
  expect(await creditOfMonth(report, tenant, "2026-02")).toBe(null);
  await rebuildReport(report, tenant, ledgerWith(journal), 1_000);
  await compare(tenant, journal);
});
