import { drizzle } from "drizzle-orm/d1";
import { formatMicros } from "../money/index.ts";
import { raiseAlert } from "../observability/alerts.ts";
import { priceChecks } from "../settings/schema.ts";

/** The same price, looked at twice: ours, and WaveSpeed's own. */
export interface PriceCheck {
  model: string;
  source: "list" | "quote";
  /** Of the job; 0 for a run, and for the unit price of the list. */
  seconds: number;
  /** What we count as cost: of one unit (`list`), of the whole job (`quote`). */
  costMicros: number;
  upstreamMicros: number | null;
  /** Why there is no upstream price; null: there is one. */
  reason: string | null;
}

export type StoredCheck = typeof priceChecks.$inferSelect;

/** All of them: a few per priced model. */
const CHECKS_MAX = 10_000;

/** A check that says the same again is written this often. */
const REWRITTEN_MS = 86_400_000;

const keyOf = ({ model, source, seconds }: Pick<StoredCheck, "model" | "source" | "seconds">): string =>
  `${model} ${source} ${seconds}`;

export async function readChecks(control: D1Database): Promise<Map<string, StoredCheck>> {
  const rows = await drizzle(control).select().from(priceChecks).limit(CHECKS_MAX);
  return new Map(rows.map((row) => [keyOf(row), row]));
}

export const storedCheck = (
  stored: ReadonlyMap<string, StoredCheck>,
  of: Pick<StoredCheck, "model" | "source" | "seconds">,
): StoredCheck | undefined => stored.get(keyOf(of));

/**
 * Records what was compared. A difference raises an alert when it is first seen, and again when either price has
 * changed since, but not at each look. An agreement is recorded as seen; no rate is rewritten by it.
 */
export async function recordChecks(
  control: D1Database,
  checks: readonly PriceCheck[],
  stored: ReadonlyMap<string, StoredCheck>,
  now: number,
): Promise<void> {
  for (const check of checks) {
    const before = storedCheck(stored, check);
    const same =
      before !== undefined && before.costMicros === check.costMicros && before.upstreamMicros === check.upstreamMicros;
    if (same && check.source === "list" && now - before.checkedAt < REWRITTEN_MS) continue;
    const agrees = check.upstreamMicros === check.costMicros;
    // First: a difference that is written down is not told again. One that nobody was told of is looked at anew.
    if (!agrees && !same && !(await raiseAlert(control, toAlert(check)))) continue;
    await writeCheck(control, check, agrees ? now : (before?.agreedAt ?? null), now);
  }
}

/** A price that could not be asked for: tried again in its turn, and otherwise as it was. */
export async function postponeCheck(
  control: D1Database,
  check: Pick<PriceCheck, "model" | "source" | "seconds" | "costMicros">,
  before: StoredCheck | undefined,
  now: number,
): Promise<void> {
  const upstreamMicros = before?.upstreamMicros ?? null;
  await writeCheck(
    control,
    { ...check, costMicros: before?.costMicros ?? check.costMicros, upstreamMicros },
    before?.agreedAt ?? null,
    now,
  );
}

async function writeCheck(
  control: D1Database,
  check: Omit<PriceCheck, "reason">,
  agreedAt: number | null,
  now: number,
): Promise<void> {
  const { model, source, seconds, costMicros, upstreamMicros } = check;
  const row = { model, source, seconds, costMicros, upstreamMicros, checkedAt: now, agreedAt };
  await drizzle(control)
    .insert(priceChecks)
    .values(row)
    .onConflictDoUpdate({ target: [priceChecks.model, priceChecks.source, priceChecks.seconds], set: row });
}

function toAlert(check: PriceCheck): { kind: string; subject: string; message: string } {
  const { model, source, seconds, costMicros, upstreamMicros, reason } = check;
  const theirs = upstreamMicros === null ? (reason ?? "no price") : formatMicros(upstreamMicros);
  const unit = source === "list" ? "a unit" : `for ${seconds === 0 ? "a run" : `${seconds} s`}`;
  const by = source === "list" ? "WaveSpeed's list of models" : "WaveSpeed's quote";
  return {
    kind: "price_differs",
    subject: `${model} ${source} ${seconds}: ${theirs}`,
    message: `${model}: we count ${formatMicros(costMicros)} ${unit}; ${by} says: ${theirs}. Jobs go on at our price until an operator changes it`,
  };
}
