import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { expect, test, vi } from "vitest";
import type { UsageBatch } from "../../../src/ledger/journal-entry.ts";
import { WATERMARK_ENTRIES } from "../../../src/reporting/advance-watermark.ts";
import { completeTo, consumeUsage } from "../../../src/reporting/index.ts";
import { databases, newTenant, replacing } from "./databases.ts";
import { expectedReport, readReport } from "./expected-report.ts";
import { completedJobs } from "./journals.ts";

const { report } = await databases();

/** Delivers the bodies as one batch; ids are their places. */
async function deliver(bodies: unknown[], db = report) {
  const messages = bodies.map((body, i) => ({ id: String(i), timestamp: new Date(), attempts: 3, body }));
  const batch = createMessageBatch("wavegate-usage", messages) as MessageBatch<UsageBatch>;
  const retries = batch.messages.map((message) => vi.spyOn(message, "retry"));
  const summary = await consumeUsage(batch, db);
  const delays = retries.flatMap(({ mock }) => mock.calls.map(([options]) => options?.delaySeconds));
  return { summary, delays, queue: await getQueueResult(batch, createExecutionContext()) };
}

test("a poison message goes back alone, with a delay; the others of its batch are applied", async () => {
  const [before, after] = [newTenant(), newTenant()];
  const good = (tenant: string) => ({ tenant, entries: completedJobs(tenant, [{}]) });
  const [entry] = completedJobs(before, [{}]);
  const poison = [
    null,
    "text",
    { tenant: before },
    { tenant: "Not a tenant", entries: [entry] },
    { tenant: before, entries: [] },
    { tenant: before, entries: [{ ...entry, seq: 1.5 }] },
    { tenant: before, entries: [{ ...entry, body: { kind: "loss", jobId: "f".repeat(32) } }] },
    { tenant: before, entries: [{ ...entry, body: { kind: "hold", job: { priceMicros: "1.3" } } }] },
  ];
  const { summary, delays, queue } = await deliver([good(before), ...poison, good(after)]);
  expect(queue.explicitAcks).toEqual(["0", "9"]);
  expect(queue.retryMessages.map(({ msgId }) => msgId)).toEqual(poison.map((_, i) => String(i + 1)));
  // Third attempt: 2 ** 3 seconds.
  expect(delays).toEqual(poison.map(() => 8));
  expect(summary).toMatchObject({ acked: 2, retried: poison.length });
  for (const { tenant, entries } of [good(before), good(after)]) {
    expect(await readReport(report, tenant)).toEqual(expectedReport(entries));
  }
});

test("a message that D1 refuses goes back, none of it applied, and the next one counts it", async () => {
  const tenant = newTenant();
  const entries = completedJobs(tenant, [{}]);
  // What is applied together, and then the first of it by itself.
  let failures = 2;
  const flaky = replacing(report, "batch", (statements: D1PreparedStatement[]) =>
    failures-- > 0 ? Promise.reject(new Error("D1 is away")) : report.batch(statements),
  );
  const { summary, queue } = await deliver(
    [
      { tenant, entries },
      { tenant, entries },
    ],
    flaky,
  );
  expect(queue.explicitAcks).toEqual(["1"]);
  expect(queue.retryMessages.map(({ msgId }) => msgId)).toEqual(["0"]);
  expect(summary.problems).toEqual(["message 0: Error: D1 is away"]);
  expect(await readReport(report, tenant)).toEqual(expectedReport(entries));
});

test("messages of one tenant are applied together, an entry that two of them carry once", async () => {
  const [one, two] = [newTenant(), newTenant()];
  const [journal, other] = [completedJobs(one, [{}, {}, {}]), completedJobs(two, [{}])];
  const batches: number[] = [];
  const counted = replacing(report, "batch", (statements: D1PreparedStatement[]) => {
    batches.push(statements.length);
    return report.batch(statements);
  });
  const part = (from: number, to: number) => ({ tenant: one, entries: journal.slice(from - 1, to) });
  const { summary } = await deliver([part(1, 2), { tenant: two, entries: other }, part(3, 5), part(5, 6)], counted);
  expect(summary).toMatchObject({ acked: 4, retried: 0 });
  expect(batches).toHaveLength(2);
  expect(await readReport(report, one)).toEqual(expectedReport(journal));
});

test("how far D1 is complete goes by each tenant's entries, in whatever order, and never past a gap", async () => {
  const [one, two] = [newTenant(), newTenant()];
  const journal = completedJobs(one, [{}, {}, {}]);
  const other = completedJobs(two, [{}]);
  const part = (from: number, to: number) => ({ tenant: one, entries: journal.slice(from - 1, to) });
  const complete = async () => [(await completeTo(report, one)).seq, (await completeTo(report, two)).seq];
  await deliver([part(5, 6)]);
  expect(await complete()).toEqual([0, 0]);
  await deliver([part(2, 3), part(1, 1), { tenant: two, entries: other }]);
  expect(await complete()).toEqual([3, 2]);
  await deliver([part(1, 2)]);
  expect(await complete()).toEqual([3, 2]);
  await deliver([part(4, 4)]);
  expect(await complete()).toEqual([6, 2]);
});

test("what a job writes in D1: three rows as it is held, four as it is captured, none for the watermark", async () => {
  const tenant = newTenant();
  let written = 0;
  const counting = replacing(report, "batch", async (statements: D1PreparedStatement[]) => {
    const answers = await report.batch(statements);
    for (const { meta } of answers) written += meta.rows_written;
    return answers;
  });
  const counts = [];
  for (const entry of completedJobs(tenant, [{}, {}])) {
    await deliver([{ tenant, entries: [entry] }], counting);
    counts.push(written);
    written = 0;
  }
  expect(counts).toEqual([3, 4, 3, 4]);
  expect(await watermarkOf(tenant)).toBeNull();
});

test("the watermark is written after many entries; in between it is known all the same, and never past a gap", async () => {
  const tenant = newTenant();
  const jobs = Array.from({ length: WATERMARK_ENTRIES }, () => ({}));
  const journal = completedJobs(tenant, jobs);
  const send = (from: number, to: number) => deliver([{ tenant, entries: journal.slice(from - 1, to) }]);
  const last = WATERMARK_ENTRIES;
  await send(1, last - 1);
  expect(await watermarkOf(tenant)).toBeNull();
  await send(last + 1, 2 * last);
  expect(await watermarkOf(tenant)).toBeNull();
  expect(await completeTo(report, tenant)).toEqual({ seq: last - 1, mark: 0 });
  await send(last, last);
  expect(await completeTo(report, tenant)).toEqual({ seq: 2 * last, mark: 2 * last });
  expect(await watermarkOf(tenant)).toEqual({ seq: 2 * last, at: journal.at(-1)!.at });
});

const watermarkOf = (tenant: string) =>
  report.prepare("SELECT seq, at FROM watermarks WHERE tenant = ?1").bind(tenant).first();

test("a watermark that cannot be moved does not send its messages round again", async () => {
  const tenant = newTenant();
  const away = replacing(report, "prepare", (sql: string) => {
    if (sql.includes("watermarks")) throw new Error("D1 is away");
    return report.prepare(sql);
  });
  const { summary, queue } = await deliver([{ tenant, entries: completedJobs(tenant, [{}]) }], away);
  expect(queue.explicitAcks).toEqual(["0"]);
  expect(summary).toEqual({ acked: 1, retried: 0, problems: [`tenant ${tenant}: Error: D1 is away`] });
});

test("the largest message and a full field of tags fit D1's limits", async () => {
  const tenant = newTenant();
  const tags = Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`tag-${i}`, "x".repeat(256)]));
  const entries = completedJobs(
    tenant,
    Array.from({ length: 500 }, () => ({ tags })),
  );
  const { queue } = await deliver([{ tenant, entries }]);
  expect(queue.explicitAcks).toEqual(["0"]);
  expect(await readReport(report, tenant)).toEqual(expectedReport(entries));
});
