import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseConfig } from "../../../src/config.ts";
import { hashKey, mintKey, verifyKey } from "../../../src/keys/key.ts";
import type { JournalEntry, Mode } from "../../../src/ledger/journal-entry.ts";
import type { BudgetScope } from "../../../src/ledger/types.ts";
import { applyEntries, replayJournal } from "../../../src/reporting/index.ts";
import { newKeyInput } from "../../support/new-key.ts";
import { testEnv } from "../../support/test-env.ts";
import * as w from "../jobs/world.ts";

const seed = Date.now() % 2 ** 31;
console.info(`fast-check seed: ${seed}`);

const PRO = "kwaivgi/kling-v2.1-i2v-pro";
const MODELS = [w.T2V, PRO] as const;
const MODES = ["live", "test"] as const;
const EIGHT_DAYS = 8 * 86_400_000 + 1_000;

/** What befalls a job: its prompt, and what is done with it then. */
const FATES = {
  completed: ["delay=0s", w.finish],
  failed: ["fail=1405, delay=0s", w.finish],
  open: ["delay=1h", null],
  cancelled_charged: ["delay=0s, end=cancelled, refund=false", w.finish],
  cancelled_refunded: ["delay=0s, end=cancelled, refund", w.finish],
  cancelled_in_time: [
    "http=429, retry_after=60, times=9",
    async (id: string) => [await w.tracker(id).cancel(id), await settled(id)],
  ],
  deleted_open: ["delay=1h", (id: string) => w.tracker(id).remove([id], "live")],
  deleted_after: ["delay=0s", async (id: string) => [await w.finish(id), await w.tracker(id).remove([id], "live")]],
  lost: ["http=500", null],
  never_sent: ["drop=before", async (id: string) => [await w.nextWalk(id), await w.nextWalk(id)]],
  written_off: ["delay=1h", expire],
  completed_late: ["delay=0s, poll.http=503, poll.times=1", async (id: string) => [await expire(id), await w.ring(id)]],
  charged_late: [
    "delay=0s, end=cancelled, refund=false, poll.http=503, poll.times=1",
    async (id: string) => [await expire(id), await w.ring(id)],
  ],
  captured_by_operator: ["drop=after", (id: string, text: string) => resolve(id, text, "capture")],
  released_by_operator: ["drop=after", (id: string, text: string) => resolve(id, text, "release")],
} as const satisfies Record<string, [string, ((id: string, text: string) => Promise<unknown>) | null]>;

type Fate = keyof typeof FATES;

/** Two tasks might be the lost job's, so a person decides. */
async function resolve(id: string, text: string, action: "capture" | "release"): Promise<void> {
  await w.simulator("POST", `/api/v3/${w.T2V}`, { prompt: text }).catch(() => null);
  await w.nextWalk(id);
  expect(await w.tracker(id).resolve(id, { action, reason: "seen", actor: "op" })).toMatch(/resolved|not_unclear/);
  await settled(id);
}

/** A cancel answers before the ledger was told. */
const settled = (id: string): Promise<void> =>
  expect.poll(async () => (await w.rowOf(id)).settlement, { timeout: 5_000 }).toBeNull();

async function expire(id: string): Promise<void> {
  await w.age(id, "created_at", EIGHT_DAYS);
  await w.ring(id);
}

/** A tenant with a key of either mode, and budgets that count all, each model and the live key. */
async function newBooks() {
  const world = await w.newWorld();
  const { secrets } = parseConfig(testEnv);
  const keyId = w.hex(8);
  const key = mintKey({ kind: "test", tenant: world.tenant, keyId, secrets, random: Buffer.from(w.hex(16), "hex") });
  const parsed = verifyKey(key, secrets);
  if (!parsed) throw new Error("the key does not verify");
  const hash = hashKey(key, parsed, secrets);
  await world.ledger.change("create_key", newKeyInput({ id: keyId, hash, mode: "test" }));
  const scopes: BudgetScope[] = [{ kind: "tenant" }, ...MODELS.map((model) => ({ kind: "model" as const, model }))];
  for (const mode of MODES)
    for (const scope of scopes) {
      const id = `${mode}-${scope.kind === "model" ? MODELS.indexOf(scope.model as typeof PRO) : "all"}`;
      const budget = { id, mode, scope, window: "total" as const, limitMicros: 1_000_000_000, timeZone: null };
      await world.ledger.change("put_budget", budget);
    }
  return { world, keys: { live: world.key, test: key } };
}

type Books = Awaited<ReturnType<typeof newBooks>>;

async function ask<T>({ keys }: Books, mode: Mode, path: string, body: object): Promise<T> {
  const headers = { authorization: `Bearer ${keys[mode]}`, "content-type": "application/json" };
  const response = await w.gateway(path, { method: "POST", headers, body: JSON.stringify(body) });
  const envelope = await response.json<{ data: T }>();
  expect(response.status, JSON.stringify(envelope)).toBe(200);
  return envelope.data;
}

interface Bill {
  total: number;
  has_more: boolean;
  items: { billing_type: "deduct" | "refund"; price: number }[];
}

interface Stats {
  summary: { total_cost: number; total_requests: number };
}

const microsOf = ({ items }: Bill): number =>
  items.reduce((sum, { price, billing_type: type }) => sum + Math.round(price * 1e6) * (type === "deduct" ? 1 : -1), 0);

/** The bill is what the ledger captured and holds: of all, and of each model. */
async function proveBill(books: Books): Promise<void> {
  const budgets = await books.world.ledger.budgets();
  for (const { mode, scope, capturedMicros, heldMicros } of budgets) {
    const model = scope.kind === "model" ? { model_uuid: scope.model } : {};
    const bill = await ask<Bill>(books, mode, "/api/v3/billings/search", model);
    expect(bill).toMatchObject({ total: bill.items.length, has_more: false });
    expect(microsOf(bill), `${mode} ${JSON.stringify(scope)}`).toBe(capturedMicros + heldMicros);
  }
}

/** Usage is what the ledger captured, once D1 has all of it. */
async function proveUsage(books: Books): Promise<void> {
  const span = { start_time: Date.now() - 86_400_000, end_time: Date.now() + 3_600_000 };
  for (const { mode, scope, capturedMicros } of await books.world.ledger.budgets()) {
    const model = scope.kind === "model" ? { model_uuid: scope.model } : {};
    const { summary } = await ask<Stats>(books, mode, "/api/v3/user/usage_stats", { ...span, ...model });
    expect(Math.round(summary.total_cost * 1e6), `${mode} ${JSON.stringify(scope)}`).toBe(capturedMicros);
  }
}

async function submit(books: Books, mode: Mode, model: string, prompt: string): Promise<string> {
  const input = { prompt, ...(model === PRO ? { image: "https://example.com/a.png" } : {}) };
  const { headSeq } = await books.world.ledger.entries(0, 1);
  const headers = { authorization: `Bearer ${books.keys[mode]}`, "content-type": "application/json" };
  await (await w.gateway(`/api/v3/${model}`, { method: "POST", headers, body: JSON.stringify(input) })).text();
  const { entries } = await books.world.ledger.entries(headSeq, 10);
  const [id] = entries.flatMap(({ body }) => (body.kind === "hold" ? [body.job.jobId] : []));
  return id ?? expect.fail("nothing was held");
}

const step = fc.record({
  fate: fc.constantFrom(...(Object.keys(FATES) as Fate[])),
  mode: fc.constantFrom<Mode>("live", "live", "test"),
  model: fc.constantFrom(...MODELS),
  markupBps: fc.integer({ min: -9_000, max: 20_000 }),
  /** Which of the entries so far D1 is told of now, in tenths, and whether by a whole replay. */
  told: fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 9 }),
  replays: fc.boolean(),
});

test("whatever befell a tenant's jobs and however late D1 is, bill and usage are its ledger's to the micro-dollar", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 12 }), async (steps) => {
      const books = await newBooks();
      const { tenant, ledger } = books.world;
      for (const { fate, mode, model, markupBps, told, replays } of steps) {
        await ledger.change("set_pricing", { markupBps, models: {} });
        const [faults, then] = FATES[fate];
        const text = w.prompt(faults);
        const id = await submit(books, mode, model, text);
        await then?.(id, text);
        if (replays) await replayJournal(testEnv.REPORT, tenant, ledger, 1_000);
        else await tell(tenant, (await ledger.entries(0, 500)).entries, told);
        await proveBill(books);
      }
      await replayJournal(testEnv.REPORT, tenant, ledger, 1_000);
      await Promise.all([proveBill(books), proveUsage(books)]);
    }),
    { seed, numRuns: 6, endOnFailure: true },
  );
}, 120_000);

const tell = (tenant: string, entries: readonly JournalEntry[], tenths: readonly number[]): Promise<void> =>
  applyEntries(
    testEnv.REPORT,
    tenant,
    entries.filter(({ seq }) => tenths.includes(seq % 10)),
  );
