import type { Refusal } from "../errors/catalogue.ts";
import { admits, afterSubmit, unloaded, type SubmitBound } from "./submit-bound.ts";

/** This isolate's tenants of which submits are in hand: one tenant's slow objects are no other's trouble. */
const busy = new Map<string, SubmitBound>();

/** At whose door a submit knocks, and what the configuration says of it. */
export interface Knock {
  tenant: string;
  submitsInHandMax: number;
  startWaitMs: number;
}

const stateOf = ({ tenant, submitsInHandMax }: Knock): SubmitBound => busy.get(tenant) ?? unloaded(submitsInHandMax);

/** Whether a submit would be taken now. Costs next to nothing, so it is asked before the body is read, too. */
export const isDoorOpen = (knock: Knock): boolean => admits(stateOf(knock));

/** Does a submit's work, and learns from how long it took. Null: too much is in hand, and nothing was begun. */
export function throughDoor<T>(knock: Knock, work: () => Promise<T>): Promise<T> | null {
  const before = stateOf(knock);
  if (!admits(before)) return null;
  busy.set(knock.tenant, afterSubmit(before, { kind: "taken" }, knock.submitsInHandMax));
  const dueAt = Date.now() + knock.startWaitMs;
  return work().finally(() => leave(knock, dueAt));
}

function leave(knock: Knock, dueAt: number): void {
  const now = Date.now();
  const after = afterSubmit(stateOf(knock), { kind: "answered", overMs: now - dueAt, now }, knock.submitsInHandMax);
  if (after.inHand === 0) busy.delete(knock.tenant);
  else busy.set(knock.tenant, after);
}

const RETRY_SECONDS_MAX = 3;

/** Spread, so that those who were refused together do not come back together. */
export const overloaded = (): Refusal => ({
  code: "overloaded",
  message: "the gateway has as many submits in hand as it can answer in time; nothing was charged",
  retryAfterSeconds: 1 + Math.floor(Math.random() * RETRY_SECONDS_MAX),
});
