import { expect } from "vitest";
import { auditOf } from "../../../support/audit-of.ts";
import * as w from "../world.ts";
import type { Money, Scenario, Submitted } from "./scenario.ts";
import { takenBy } from "./trace.ts";

/** How the hold stands: what the ledger's balance says, and its journal. */
export async function moneyOf({ world, id }: Submitted): Promise<{ balance: object; entries: string[] }> {
  return { balance: await w.balance(world), entries: await w.moneyOf(world, id) };
}

const MONEY: Record<Money, { balance: object; entries: string[] }> = {
  held: { balance: { captured: 0, held: w.PRICE }, entries: ["hold"] },
  captured: { balance: { captured: w.PRICE, held: 0 }, entries: ["hold", "capture"] },
  released: { balance: { captured: 0, held: 0 }, entries: ["hold", "release"] },
};

/** What follows from an event may come by an alarm. */
const WAIT = { timeout: 5_000 };

/** Lets a row come about, and compares the job and its money with what they must be, before and after it. */
export async function playScenario(row: string, { given, when, before, after, money }: Scenario): Promise<void> {
  const job = await given();
  expect(await moneyOf(job)).toEqual(MONEY[money[0]]);
  await when(job);
  const step = await takenBy(job.id, row);
  expect(step.before).toMatchObject({ settlement: null, ...before });
  expect(step.after).toMatchObject({ settlement: null, ...after });
  await expect.poll(() => moneyOf(job), WAIT).toEqual(MONEY[money[1]]);
  await expect.poll(async () => (await w.rowOf(job.id)).settlement, WAIT).toBeNull();
  expect(await auditOf(job.world.ledger)).toMatchObject({ consistent: true });
}
