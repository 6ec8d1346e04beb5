import { and, asc, eq, gt, isNull, lt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { challenges, passkeys } from "./schema.ts";

export const PASSKEYS_MAX = 20;
const CHALLENGE_MS = 300_000;

export type StoredPasskey = typeof passkeys.$inferSelect;

/** Keeps what is to be signed, for 5 minutes. `person`: who registers; null: somebody who signs in. */
export async function keepChallenge(
  control: D1Database,
  challenge: string,
  person: string | null,
  now: number,
): Promise<void> {
  const db = drizzle(control);
  await db.batch([
    db.delete(challenges).where(lt(challenges.expiresAt, now)),
    db.insert(challenges).values({ challenge, person, expiresAt: now + CHALLENGE_MS }),
  ]);
}

/** Uses a challenge up, before what was signed is looked at. False: it was not given to this person, or is over. */
export async function takeChallenge(
  control: D1Database,
  challenge: string,
  person: string | null,
  now: number,
): Promise<boolean> {
  const whose = person === null ? isNull(challenges.person) : eq(challenges.person, person);
  const taken = await drizzle(control)
    .delete(challenges)
    .where(and(eq(challenges.challenge, challenge), whose, gt(challenges.expiresAt, now)))
    .returning({ challenge: challenges.challenge });
  return taken.length === 1;
}

export async function findPasskey(control: D1Database, id: string): Promise<StoredPasskey | null> {
  const [row] = await drizzle(control).select().from(passkeys).where(eq(passkeys.id, id));
  return row ?? null;
}

/** A person's, oldest first: there are 20 at most. */
export async function listPasskeys(control: D1Database, person: string): Promise<StoredPasskey[]> {
  const own = drizzle(control).select().from(passkeys).where(eq(passkeys.person, person));
  return own.orderBy(asc(passkeys.createdAt), asc(passkeys.id)).limit(PASSKEYS_MAX);
}

/** False: this key is registered already, perhaps by somebody else, or the person has as many as one may. */
export async function addPasskey(control: D1Database, key: Omit<StoredPasskey, "lastUsedAt">): Promise<boolean> {
  const { id, person, publicKey, counter, transports, name, createdAt } = key;
  const added = control.prepare(ADD).bind(id, person, publicKey, counter, transports, name, createdAt);
  return (await added.run()).meta.changes === 1;
}

const ADD = `INSERT INTO passkeys (id, person, public_key, counter, transports, name, created_at)
  SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE (SELECT count(*) FROM passkeys WHERE person = ?2) < ${PASSKEYS_MAX}
  ON CONFLICT (id) DO NOTHING`;

/** Writes a use. False: the counter is not what was checked: somebody used the key meanwhile. */
export async function usePasskey(
  control: D1Database,
  key: Pick<StoredPasskey, "id" | "counter">,
  counter: number,
  now: number,
): Promise<boolean> {
  const used = await drizzle(control)
    .update(passkeys)
    .set({ counter, lastUsedAt: now })
    .where(and(eq(passkeys.id, key.id), eq(passkeys.counter, key.counter)))
    .returning({ id: passkeys.id });
  return used.length === 1;
}

export async function deletePasskey(control: D1Database, person: string, id: string): Promise<boolean> {
  const deleted = await drizzle(control)
    .delete(passkeys)
    .where(and(eq(passkeys.person, person), eq(passkeys.id, id)))
    .returning({ id: passkeys.id });
  return deleted.length === 1;
}
