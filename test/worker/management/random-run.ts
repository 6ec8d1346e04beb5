import * as fc from "fast-check";
import type { JournalEntry } from "../../../src/ledger/journal-entry.ts";
import { ledgerOf } from "../../../src/ledger/ledger-of.ts";
import { replayJournal } from "../../../src/reporting/index.ts";
import { testEnv } from "../../support/test-env.ts";
import { finish } from "../jobs/world.ts";
import { callerWith, report, tenantWithKey, type Call, type Json } from "./api.ts";

const seed = Date.now() % 2 ** 31;
console.info(`fast-check seed: ${seed}`);

const MODELS = ["kwaivgi/kling-v2.0-t2v-master", "kwaivgi/kling-v2.1-t2v-master"];

/**
 * Jobs of two teams at changing prices; some complete, some fail, some are under way. `onCredit`: the tenant is given credit by and by,
 * after its first jobs.
 */
export async function randomRun(operator: Call, { onCredit = false } = {}) {
  const made = await tenantWithKey(operator, { team: "red" });
  const { at, tenant } = made;
  const { body } = await operator("POST", `${at}/keys`, { name: "blue", team: "blue" });
  const callers = [made.asTenant, callerWith(String(body["key"]))];
  const budget = { limit: "500", window: "month" };
  await operator("PUT", `${at}/budgets/whole`, { ...budget, scope: { tenant: true } });
  await operator("PUT", `${at}/budgets/red`, { ...budget, scope: { team: "red" } });
  await operator("PUT", `${at}/budgets/tagged`, { ...budget, scope: { tag: { name: "film", value: "fox" } } });
  const plans = fc.sample(
    fc.record({
      caller: fc.nat({ max: 1 }),
      model: fc.constantFrom(...MODELS),
      markup: fc.nat({ max: 9_999 }),
      fate: fc.constantFrom("delay=0s", "delay=0s", "delay=0s", "delay=0s, fail", "delay=1h"),
    }),
    { numRuns: 14, seed },
  );
  // Whatever chance says, each team has one that was charged.
  const sure = [0, 1].map((caller) => ({ caller, model: MODELS[caller] ?? "", markup: 7, fate: "delay=0s" }));
  for (const [index, { caller, model, markup, fate }] of [...sure, ...plans].entries()) {
    if (onCredit && index > 0 && index % 5 === 1) await giveCredit(operator, made.at, index);
    await operator("PUT", `${at}/pricing`, { markup_bps: markup });
    const input = { prompt: `a fox [[sim: ${fate}]]`, duration: "5" };
    const answer = await callers[caller]?.("POST", `/api/v3/${model}`, input, { "x-wavegate-tags": "film=fox" });
    if (answer?.status !== 200) throw new Error(answer?.text);
    if (fate !== "delay=1h") await finish(String((answer.body["data"] as Json)["id"]));
  }
  const ledger = ledgerOf(testEnv, tenant);
  await replayJournal(report, tenant, ledger, 1_000);
  const { entries } = await ledger.entries(0, 500);
  return { ...made, entries };
}

async function giveCredit(operator: Call, at: string, index: number): Promise<void> {
  const pay = (call: string, amount: string) => {
    const once = { "idempotency-key": crypto.randomUUID() };
    return operator("POST", `${at}/credit/${call}`, { amount, reason: `invoice ${index}` }, once);
  };
  await pay("top-ups", `40.00000${index % 9}`);
  await pay("adjustments", "-0.000003");
}

export const captures = (entries: readonly JournalEntry[]) =>
  entries.flatMap(({ body }) => (body.kind === "capture" ? [body.job] : []));
