import { findModel } from "../catalog/index.ts";
import { IDEMPOTENCY_CONFLICT, type Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import type { Once } from "../ledger/changes.ts";
import { ratesFor, type RateVersion } from "../money/index.ts";
import {
  findRequest,
  forgetSettings,
  insertVersion,
  insertVersionOnce,
  planVersion,
  readVersions,
  type PriceProposal,
} from "../settings/index.ts";
import { refuseUnknownModels } from "./known-models.ts";
import type { Services } from "./services.ts";

/** `replayed`: the same Idempotency-Key had added it before. */
export type AddedRate = Result<RateVersion, Refusal> & { replayed: boolean };

/**
 * Adds the next price of a model. With an Idempotency-Key, what it did before is answered again; of two at
 * once the later finds the earlier.
 */
export async function addRate(services: Services, proposal: PriceProposal, once: Once | null): Promise<AddedRate> {
  const earlier = once && (await findEarlier(services, once));
  if (earlier) return earlier;
  const added = await addVersion(services, proposal, once);
  if (added.ok || once === null) return { ...added, replayed: false };
  return (await findEarlier(services, once)) ?? { ...added, replayed: false };
}

async function findEarlier({ control, now }: Services, once: Once): Promise<AddedRate | null> {
  const kept = await findRequest(control, once.scope, now());
  if (!kept) return null;
  if (kept.bodyHash !== once.bodyHash) return { ...err(IDEMPOTENCY_CONFLICT), replayed: false };
  return { ...ok(JSON.parse(kept.reply) as RateVersion), replayed: true };
}

async function addVersion(
  services: Services,
  proposal: PriceProposal,
  once: Once | null,
): Promise<Result<RateVersion, Refusal>> {
  const { control, settingsLeadMs } = services;
  const unknown = await refuseUnknownModels(services, [proposal.model]);
  if (unknown) return err(unknown);
  // A model that is only synced has no price but those that were added.
  const model = findModel(proposal.model) ?? { id: proposal.model, cost: null };
  const existing = ratesFor(model, await readVersions(control, model.id));
  const now = services.now();
  const planned = planVersion(existing, proposal, now, settingsLeadMs);
  if (!planned.ok) return planned;
  const added = once
    ? await insertVersionOnce(control, planned.value, { ...once, reply: JSON.stringify(planned.value), createdAt: now })
    : await insertVersion(control, planned.value, now);
  if (!added) return err({ code: "conflict", message: `another price of ${model.id} was set at the same moment` });
  forgetSettings(control);
  return ok(planned.value);
}
