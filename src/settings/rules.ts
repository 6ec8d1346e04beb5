import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import { CATALOGUE_RATE_VERSION, pickRate, type RateVersion } from "../money/index.ts";

/** How long an isolate uses its copy of the settings without asking D1. */
export const SETTINGS_FRESH_MS = 30_000;
/** Past this age a copy admits nothing: by then a price may have been in force for minutes unseen. */
export const SETTINGS_USABLE_MS = 600_000;
/** Lead of a price change: longer than any copy stays fresh, so that all isolates change together. */
export const SETTINGS_LEAD_MS = 60_000;
/** Prices of one model that may wait for their time at once; keeps what each isolate loads bounded. */
export const PENDING_VERSIONS_MAX = 10;
/** How far the clocks of a Worker and of a ledger may be apart. */
export const CLOCK_SKEW_MS = 60_000;

/** fresh: use it. usable: ask D1 first, use it if D1 fails. stale: never use it. */
export function ageOf(loadedAt: number, now: number): "fresh" | "usable" | "stale" {
  const age = now - loadedAt;
  if (age < SETTINGS_FRESH_MS) return "fresh";
  return age < SETTINGS_USABLE_MS ? "usable" : "stale";
}

/**
 * What the ledger must choose from by its own clock, oldest version first: the version in force at
 * `now`, the one in force just before (the ledger's clock may be behind), and the one that follows.
 */
export function versionsInPlay(versions: readonly RateVersion[], now: number): RateVersion[] {
  const current = pickRate(versions, now);
  const candidates = [pickRate(versions, now - CLOCK_SKEW_MS), current, nextRate(versions, now)];
  const found = new Set(candidates.filter((rate) => rate !== undefined));
  return [...found].sort((a, b) => a.version - b.version);
}

/** The next version to come into force; a scheduled one that a newer version overtakes is passed over. */
export function nextRate(versions: readonly RateVersion[], now: number): RateVersion | undefined {
  const inForce = pickRate(versions, now)?.version ?? 0;
  return versions
    .filter((rate) => rate.effectiveFrom > now && rate.version > inForce)
    .reduce<RateVersion | undefined>((first, rate) => (first && before(first, rate) ? first : rate), undefined);
}

const before = (a: RateVersion, b: RateVersion): boolean =>
  a.effectiveFrom < b.effectiveFrom || (a.effectiveFrom === b.effectiveFrom && a.version > b.version);

export interface PriceProposal {
  model: string;
  unit: "second" | "run";
  unitMicros: number;
  /** Epoch ms; null: as soon as the lead allows. */
  effectiveFrom: number | null;
  source: string;
}

/**
 * The version that a proposal becomes. `existing` is every version of the model, the catalogue's
 * too. The first price of an unpriced model may begin at once: before it there was nothing to charge.
 * Refuses an earlier beginning than `leadMs` from now, another unit, and an 11th price in waiting.
 */
export function planVersion(
  existing: readonly RateVersion[],
  proposal: PriceProposal,
  now: number,
  leadMs: number,
): Result<RateVersion, Refusal> {
  const waiting = existing.filter((rate) => rate.effectiveFrom > now).length;
  if (waiting >= PENDING_VERSIONS_MAX) {
    return err({
      code: "conflict",
      message: `${proposal.model} has ${waiting} prices that wait for their time already`,
    });
  }
  const unit = existing[0]?.unit ?? proposal.unit;
  if (unit !== proposal.unit) return err(otherUnit(proposal, unit));
  const earliest = existing.length === 0 ? now : now + leadMs;
  const effectiveFrom = proposal.effectiveFrom ?? earliest;
  if (effectiveFrom < earliest) return err(tooEarly(effectiveFrom, earliest));
  const highest = existing.reduce((max, rate) => Math.max(max, rate.version), CATALOGUE_RATE_VERSION);
  // An operator's word; `confirmed` is for prices that a bill has shown.
  return ok({ ...proposal, effectiveFrom, version: highest + 1, confirmed: false });
}

/** Tenants' own prices are per unit: another unit would make of them something that nobody meant. */
function otherUnit({ model, unit: given }: PriceProposal, unit: string): Refusal {
  const rule = `must be ${unit}, as ${model} has been priced until now`;
  return { code: "invalid_request", message: `unit ${rule}`, issues: [{ field: "unit", rule, value: given }] };
}

function tooEarly(given: number, earliest: number): Refusal {
  const iso = (at: number): string => new Date(at).toISOString();
  const rule = `must be ${iso(earliest)} or later, so that every part of the gateway changes price at once`;
  return {
    code: "invalid_request",
    message: `effective_from ${rule}`,
    issues: [{ field: "effective_from", rule, value: iso(given) }],
  };
}
