import { raiseAlert } from "../observability/alerts.ts";
import { alertChanges } from "./alert-changes.ts";
import {
  claimSync,
  finishSync,
  markMissing,
  readKnownModels,
  writeModels,
  type KnownModel,
} from "./catalogue-store.ts";
import { readListedModel } from "./read-listed-model.ts";
import type { CatalogueSource, ListedModel, SyncReport } from "./types.ts";

/** How often the cron looks, by itself. */
export const SYNC_EVERY_MS = 3_600_000;

/** A list with less than this share of what is known is taken for a fault. */
const BELIEVED_SHARE_MIN = 0.5;
/** Of so few, any share may be true. */
const DISTRUST_FROM = 10;

export interface SyncOptions {
  /** Milliseconds since the last look; 0: an operator asks. */
  everyMs: number;
  /** An operator knows that the list has become that short. */
  acceptFewer?: boolean;
}

const NOTHING: Omit<SyncReport, "state"> = { models: 0, malformed: 0, added: 0, changed: 0, missing: 0, problem: null };

/**
 * Reads WaveSpeed's list of models and writes what is new in it. Never throws away: a model that the list leaves out
 * is marked, and a list that fails, is empty or has become suspiciously short changes nothing and raises an alert.
 */
export async function syncCatalogue(
  control: D1Database,
  source: Pick<CatalogueSource, "models">,
  now: number,
  options: SyncOptions,
): Promise<SyncReport> {
  const claim = await claimSync(control, now, now - options.everyMs);
  if (claim !== "mine") return { ...NOTHING, state: claim };
  let report: SyncReport = { ...NOTHING, state: "failed", problem: "the look at the list broke off" };
  try {
    report = await look(control, source, now, options.acceptFewer === true);
  } finally {
    await finishSync(control, report, now);
  }
  if (report.problem !== null) {
    const kind = report.state === "done" ? "catalogue_malformed" : `catalogue_sync_${report.state}`;
    await raiseAlert(control, { kind, subject: "models", message: report.problem });
  }
  return report;
}

async function look(
  control: D1Database,
  source: Pick<CatalogueSource, "models">,
  now: number,
  acceptFewer: boolean,
): Promise<SyncReport> {
  const answer = await source.models();
  if (answer.kind === "unreadable") return { ...NOTHING, state: "failed", problem: answer.reason };
  const read = answer.entries.map(readListedModel);
  const listed = new Map(read.filter((model) => model !== null).map((model) => [model.model, model]));
  const malformed = read.filter((model) => model === null).length;
  const known = await readKnownModels(control);
  const counts = { ...NOTHING, models: listed.size, malformed };
  const doubt = doubtOf(listed.size, malformed, known, acceptFewer);
  if (doubt !== null) return { ...counts, state: "distrusted", problem: doubt };
  const changes = [...listed.values()].filter((model) => isNews(model, known.get(model.model)));
  const missing = [...known]
    .filter(([id, { missingSince }]) => missingSince === null && !listed.has(id))
    .map(([id]) => id);
  // First: what is written is news no more, and a look that broke off in between would have told nobody.
  await alertChanges(control, { listed, changes, missing }, now);
  await writeModels(control, changes, now);
  await markMissing(control, missing, now);
  const added = changes.filter(({ model }) => !known.has(model)).length;
  const problem = malformed > 0 ? `${malformed} entries of WaveSpeed's list could not be read` : null;
  return { ...counts, state: "done", added, changed: changes.length - added, missing: missing.length, problem };
}

const isNews = (model: ListedModel, known: KnownModel | undefined): boolean =>
  known === undefined || known.hash !== model.hash || known.missingSince !== null;

/** Why a list is not believed; null: it is. */
function doubtOf(
  models: number,
  malformed: number,
  known: ReadonlyMap<string, KnownModel>,
  acceptFewer: boolean,
): string | null {
  if (models === 0) return `WaveSpeed's list has no model that could be read, and ${malformed} entries that could not`;
  const before = [...known.values()].filter(({ missingSince }) => missingSince === null).length;
  if (acceptFewer || before < DISTRUST_FROM || models >= before * BELIEVED_SHARE_MIN) return null;
  return `WaveSpeed's list has ${models} models and had ${before}: nothing was changed. If that is right: POST /v1/models/sync with accept_fewer`;
}
