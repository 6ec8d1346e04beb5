import type { SyncedModel } from "../catalog/index.ts";
import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import type { RateVersion } from "../money/index.ts";
import { readClosedAccounts } from "./account-states.ts";
import { readAllowedOrigins } from "./allowed-origins.ts";
import { readFrozenModels, toSyncedModel } from "./enabled-models.ts";
import { readDisabledModels } from "./model-settings.ts";
import { readPauses, type Pause } from "./pauses.ts";
import { readAllVersions } from "./rate-versions.ts";
import { ageOf } from "./rules.ts";

/** An isolate's copy of what admission needs of the operator's settings. */
export interface Settings {
  /** Epoch ms, taken before D1 was read. */
  loadedAt: number;
  /** By model id, versions that operators added; the catalogue's own price is not here. */
  rates: ReadonlyMap<string, readonly RateVersion[]>;
  disabledModels: ReadonlySet<string>;
  /** By id, the models that are only in WaveSpeed's list and that an operator enabled, or had enabled. */
  syncedModels: ReadonlyMap<string, SyncedModel>;
  pauses: readonly Pause[];
  /** Names of the upstream accounts that no new job is given to. */
  closedAccounts: ReadonlySet<string>;
  /** Web origins that some tenant lists. */
  allowedOrigins: ReadonlySet<string>;
}

const READ_MS_MAX = 2_000;
/** After a failed read the copy is used this long before D1 is asked again. */
const RETRY_AFTER_MS = 5_000;

/** One copy per isolate and database. Keyed by the binding, so that two databases never mix. */
const copies = new WeakMap<D1Database, { settings: Settings; askAgainAt: number }>();

/**
 * The operator's settings, at most 30 s old while D1 answers. When it does not, the copy serves until
 * it is 10 minutes old; after that, or without one, `settings_stale`.
 *
 * Each request that finds the copy too old reads for itself: awaiting a read that another request
 * began is not allowed in Workers.
 */
export async function loadSettings(control: D1Database, now: number): Promise<Result<Settings, Refusal>> {
  const copy = copies.get(control);
  if (copy && ageOf(copy.settings.loadedAt, now) === "fresh") return ok(copy.settings);
  if (copy && now < copy.askAgainAt && ageOf(copy.settings.loadedAt, now) === "usable") return ok(copy.settings);
  try {
    const settings = await withinDeadline(readSettings(control, now));
    copies.set(control, { settings, askAgainAt: 0 });
    return ok(settings);
  } catch {
    if (!copy || ageOf(copy.settings.loadedAt, now) === "stale") return err(STALE);
    copies.set(control, { settings: copy.settings, askAgainAt: now + RETRY_AFTER_MS });
    return ok(copy.settings);
  }
}

/** Makes this isolate read D1 again: called by what writes settings. Other isolates follow within 30 s. */
export function forgetSettings(control: D1Database): void {
  copies.delete(control);
}

/** Straight from D1, for operators who look at what they wrote. Throws where D1 fails. */
export async function readSettings(control: D1Database, now: number): Promise<Settings> {
  const [versions, disabled, pauses, closed, origins, enabled] = await Promise.all([
    readAllVersions(control),
    readDisabledModels(control),
    readPauses(control),
    readClosedAccounts(control),
    readAllowedOrigins(control),
    readFrozenModels(control),
  ]);
  const rates = Map.groupBy(versions, (rate) => rate.model);
  const synced = enabled.map((row) => toSyncedModel(row, rates.get(row.model)?.[0]?.unit));
  return {
    loadedAt: now,
    rates,
    disabledModels: new Set(disabled),
    syncedModels: new Map(synced.filter((model) => model !== null).map((model) => [model.id, model])),
    pauses,
    closedAccounts: new Set(closed),
    allowedOrigins: new Set(origins),
  };
}

/** D1 may also hang; a submit must be answered meanwhile. */
async function withinDeadline<T>(read: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`D1 did not answer within ${READ_MS_MAX} ms`)), READ_MS_MAX);
  });
  try {
    return await Promise.race([read, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

const STALE: Refusal = {
  code: "settings_stale",
  message: "the gateway cannot read its price list at the moment; nothing is admitted until it can",
  retryAfterSeconds: 5,
};
