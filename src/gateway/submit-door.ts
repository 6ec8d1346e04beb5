import type { Refusal } from "../errors/catalogue.ts";
import type { Mode } from "../ledger/journal-entry.ts";
import { admits, afterSubmit, unloaded, type SubmitBound } from "./submit-bound.ts";

/** Submits in hand of one tenant and mode. */
interface Busy {
  state: SubmitBound;
  /** When each was taken, epoch ms. */
  taken: Set<{ at: number }>;
}

/** This isolate's tenants of which submits are in hand: one tenant's slow objects are no other's trouble, nor its sandbox's. */
const busy = new Map<string, Busy>();

/**
 * The platform ends what a request left behind after half a minute (30 s of `waitUntil`), and nobody is told: a submit
 * that was taken so long ago is in nobody's hands.
 */
const LOST_MS = 60_000;

/** At whose door a submit knocks, and what the configuration says of it. */
export interface Knock {
  tenant: string;
  mode: Mode;
  submitsInHandMax: number;
  startWaitMs: number;
}

const nameOf = ({ tenant, mode }: Knock): string => `${tenant} ${mode}`;

function busyOf(knock: Knock): Busy {
  const known = busy.get(nameOf(knock));
  if (!known) return { state: unloaded(knock.submitsInHandMax), taken: new Set() };
  const lostBefore = Date.now() - LOST_MS;
  for (const submit of known.taken) {
    // In the order in which they were taken.
    if (submit.at > lostBefore) break;
    known.taken.delete(submit);
    known.state = afterSubmit(known.state, { kind: "lost" }, knock.submitsInHandMax);
  }
  return known;
}

/** Whether a submit would be taken now. Costs next to nothing, so it is asked before the body is read, too. */
export const isDoorOpen = (knock: Knock): boolean => admits(busyOf(knock).state);

/** Does a submit's work, and learns from how long it took. Null: too much is in hand, and nothing was begun. */
export function throughDoor<T>(knock: Knock, work: () => Promise<T>): Promise<T> | null {
  const known = busyOf(knock);
  if (!admits(known.state)) return null;
  const submit = { at: Date.now() };
  known.taken.add(submit);
  known.state = afterSubmit(known.state, { kind: "taken" }, knock.submitsInHandMax);
  busy.set(nameOf(knock), known);
  const dueAt = submit.at + knock.startWaitMs;
  return work().finally(() => {
    // Given up as lost before.
    if (!known.taken.delete(submit)) return;
    const now = Date.now();
    known.state = afterSubmit(known.state, { kind: "answered", overMs: now - dueAt, now }, knock.submitsInHandMax);
    if (known.taken.size === 0) busy.delete(nameOf(knock));
  });
}

const RETRY_SECONDS_MAX = 3;

/** Spread, so that those who were refused together do not come back together. */
export const overloaded = (): Refusal => ({
  code: "overloaded",
  message: "the gateway has as many submits in hand as it can answer in time; nothing was charged",
  retryAfterSeconds: 1 + Math.floor(Math.random() * RETRY_SECONDS_MAX),
});
