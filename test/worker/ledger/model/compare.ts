import { auditOf } from "../../../support/audit-of.ts";
import { expect } from "vitest";
import type { ApiKey } from "../../../../src/ledger/types.ts";
import { areBounds } from "./calendar.ts";
import { budgetStates, creditOf } from "./book-money.ts";
import { limitStates } from "./book-limits.ts";
import { nowOf, pricesOf, type Book } from "./book.ts";
import type { Real } from "./real.ts";
import type { Step } from "./step.ts";

/** Equal to the last character, or an error that shows both. Comparing texts is fast; `expect` explains. */
export function same(actual: unknown, expected: unknown, what: string): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) expect(actual, what).toEqual(expected);
}

/** Everything that can be asked of the ledger, against the books. Keys only where they may have changed. */
export async function compare(real: Real, book: Book, step: Step["do"] | "end"): Promise<void> {
  if (UNSEEN.has(step)) return;
  const ledger = real.ledger();
  const budgets = await ledger.budgets();
  for (const { id, window, timeZone, windowStart, windowEnd } of budgets) {
    const fits = areBounds(window, nowOf(book), timeZone, windowStart, windowEnd);
    if (!fits) expect.fail(`budget ${id}: ${windowStart} to ${windowEnd} is no ${window} of ${timeZone}`);
  }
  const shown = budgets.map(({ windowStart: _start, windowEnd: _end, ...budget }) => ({
    ...budget,
    reached: budget.reached.sort((a, b) => a - b),
  }));
  same(shown, budgetStates(book), "budgets");
  same(await ledger.limits(), limitStates(book), "limits");
  same(await ledger.credit(), creditOf(book), "credit");
  if (KEYS_MAY_CHANGE.has(step)) {
    same((await ledger.listKeys()).map(keyFacts).sort(byId), book.keys.map(keyFacts).sort(byId), "keys");
  }
  await compareJournal(real, book, step !== "alarm");
}

/** What happens outside, or only asks. The next look would find whatever it changed nevertheless. */
const UNSEEN: ReadonlySet<string> = new Set(["publish", "quote", "authenticate", "audit"]);
const KEYS_MAY_CHANGE: ReadonlySet<string> = new Set(["change", "again", "forget", "end"]);

const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);

const keyFacts = (key: Omit<ApiKey, "secrets" | "lastUsedAt"> & { secrets: { expiresAt: number | null }[] }) => ({
  id: key.id,
  mode: key.mode,
  team: key.team,
  models: key.models,
  scopes: key.scopes,
  ips: key.ips,
  dedupe: key.dedupeWindowSeconds,
  created: key.createdAt,
  expires: key.expiresAt,
  disabled: key.disabledAt,
  revoked: key.revokedAt,
  secrets: key.secrets.map(({ expiresAt }) => expiresAt ?? Infinity).sort(),
});

/** The entries since the last look, which are then forgotten. An alarm may end its holds in any order. */
async function compareJournal(real: Real, book: Book, ordered: boolean): Promise<void> {
  const { entries, headSeq } = await real.ledger().entries(book.compared, 500);
  const actual = entries.map(({ at, localDay, body }) => {
    const { windowId: _id, ...shown } = { windowId: "", ...body };
    return { at, day: localDay, ...shown };
  });
  const expected = book.journal.splice(0).map(({ at, day, body }) => ({ at, day, ...body() }));
  same(headSeq, book.compared + entries.length, "entries without a gap");
  const texts = (all: object[]): string[] => all.map((entry) => JSON.stringify(entry));
  if (!ordered || texts(actual).join() !== texts(expected).join()) {
    if (ordered) expect(actual, "journal").toEqual(expected);
    else expect(actual.map(sorted).sort(), "journal").toEqual(expected.map(sorted).sort());
  }
  book.compared = headSeq;
}

/** Its members in one order, as text. */
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_name, member: unknown) =>
    member !== null && typeof member === "object" && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );

/** What the journal alone says is what the tables say, and both are what the books say. */
export async function compareAudit(real: Real, book: Book): Promise<void> {
  const held = book.jobs.filter((job) => job.state === "held");
  expect(await auditOf(real.ledger())).toMatchObject({
    consistent: true,
    verifiedToSeq: book.compared,
    capturedMicros: pricesOf(book.jobs.filter((job) => job.state === "captured")),
    heldMicros: pricesOf(held),
    openHolds: held.length,
    differences: [],
  });
}
