import { vi } from "vitest";
import { STARTS, ZONES } from "./calendar.ts";
import type { History } from "./any-step.ts";
import { newBook, type Book } from "./book.ts";
import { compare, compareAudit } from "./compare.ts";
import { take } from "./take.ts";
import type { Tally } from "./tally.ts";
import type { Real } from "./real.ts";
import type { Change, Step } from "./step.ts";

const change = (change: Change): Step => ({ do: "change", change, once: null });
const key = { team: null, models: null, scopes: ["submit" as const], ips: null, dedupeWindowSeconds: 0, lifeMs: null };

/** What a tenant begins with: three keys, prices, and a budget of some jobs. */
const PRELUDE: readonly Step[] = [
  change({ kind: "create_key", mode: "live", ...key, team: "film" }),
  change({ kind: "create_key", mode: "live", ...key, team: "ads", dedupeWindowSeconds: 60 }),
  change({ kind: "create_key", mode: "test", ...key }),
  ...[50_000, 250_000, 1].map((unitMicros, model): Step => ({
    do: "publish",
    model,
    unit: "second",
    unitMicros,
    leadMs: 0,
  })),
  change({
    kind: "put_budget",
    slot: 0,
    mode: "live",
    scope: 0,
    window: "total",
    zone: null,
    limitMicros: 12_000_000,
    aboveUsed: false,
    thresholds: null,
  }),
];

/** Plays a history to the ledger and to the books, and compares the two after each step. */
export async function play(history: History, real: Real, tally: Tally): Promise<void> {
  const book: Book = newBook(real.tenant, ZONES[history.zone] ?? "UTC", STARTS[history.start] ?? 0);
  const scene = { real, book, tally, remembered: [] };
  vi.setSystemTime(book.clock);
  await real.ledger().provision({ tenant: real.tenant, name: "any", timeZone: book.zone });
  for (const step of [...PRELUDE, ...history.steps]) {
    await take(step, scene);
    await compare(real, book, step.do);
    tally.steps += 1;
  }
  await compare(real, book, "end");
  await compareAudit(real, book);
}
