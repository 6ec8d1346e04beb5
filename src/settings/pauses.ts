import { asc, eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { Refusal } from "../errors/catalogue.ts";
import { pauses } from "./schema.ts";

export const PAUSES_MAX = 1_000;

/** What an operator stopped for a time: everything, one model, or one upstream account. */
export type Pause = typeof pauses.$inferSelect;

const RETRY_SECONDS = 60;

export const readPauses = (control: D1Database): Promise<Pause[]> =>
  drizzle(control).select().from(pauses).orderBy(asc(pauses.id)).limit(PAUSES_MAX);

/** Makes the pause, or says anew what it stops and why; the first time stays. Answers the row. */
export async function writePause(control: D1Database, pause: Pause): Promise<Pause> {
  const { kind, subject, reason, actor } = pause;
  const [row] = await drizzle(control)
    .insert(pauses)
    .values(pause)
    .onConflictDoUpdate({ target: pauses.id, set: { kind, subject, reason, actor } })
    .returning();
  return row ?? pause;
}

/** False: there was none of this id. */
export async function removePause(control: D1Database, id: string): Promise<boolean> {
  const gone = await drizzle(control).delete(pauses).where(eq(pauses.id, id)).returning({ id: pauses.id });
  return gone.length === 1;
}

/** Why a job may not start now, or null. Running jobs are not asked. `account`: who would serve it; null: whoever. */
export function refusePaused(pauses: readonly Pause[], job: { model: string; account: string | null }): Refusal | null {
  const stops = ({ kind, subject }: Pause): boolean =>
    kind === "gateway" || (kind === "model" ? subject === job.model : subject === job.account);
  const found = pauses.find(stops);
  if (!found) return null;
  const what = found.kind === "gateway" ? "this gateway" : `${found.kind} ${found.subject}`;
  return {
    code: "paused",
    message: `${what} is paused by its operator: ${found.reason}`,
    details: { pause: found.id, kind: found.kind, reason: found.reason },
    retryAfterSeconds: RETRY_SECONDS,
  };
}
